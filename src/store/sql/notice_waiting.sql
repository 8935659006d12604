-- How many requests and messages wait.
select count(*) from notice where state in ('asked', 'ready');
