-- How many have left each list, in a file that is looked at alone.
select list, count(*) from membership where status = 'unsubscribed' and by_file <> 1 group by list order by list;
