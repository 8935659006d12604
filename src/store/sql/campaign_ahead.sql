-- The campaigns that run and begin later: the clock was ahead when they were queued, and was set right since.
select id from campaign where state = 'running' and starts > ?1;
