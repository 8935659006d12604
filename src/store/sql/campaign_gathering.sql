-- Says that somebody is at work on settling who gets an issue.
update campaign set gathering = unixepoch() where id = ?1 and gathering >= 0;
