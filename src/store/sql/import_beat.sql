-- Says that somebody is at work on an import.
update import set beat = unixepoch() where id = ?1 and complete < 2;
