-- How many have left a list themselves, or were taken off it by hand.
select count(*) from membership where list = ?1 and status = 'unsubscribed' and by_file <> 1;
