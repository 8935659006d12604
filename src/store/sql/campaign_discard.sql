-- Gives up a campaign that is there for nobody: whoever is at work on it ends.
update campaign set gathering = -1 where id = ?1 and gathering is not null;
