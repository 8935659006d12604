-- Version 10: the recipients of a campaign are settled in steps, so that nobody else waits for long.

-- When somebody last worked on settling who gets it, in seconds by the clock of the store; null once that is settled. Until
-- then a campaign is there for nobody.
alter table campaign add column gathering integer;
