-- Says that somebody is at work on an import.
update import set beat = extract(epoch from clock_timestamp())::bigint where id = $1 and complete < 2;
