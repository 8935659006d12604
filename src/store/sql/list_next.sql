-- The next list of which anybody is or was, in the order of names.
select min(list) from membership where list > ?1;
