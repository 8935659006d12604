-- How many requests and messages wait whose time has come.
select count(*) from notice where state = 'ready' or (state = 'asked' and coalesce(due, asked) <= ?1);
