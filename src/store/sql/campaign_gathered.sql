-- Who gets an issue is settled: from now on it is there.
update campaign set gathering = null where id = ?1 and gathering >= 0;
