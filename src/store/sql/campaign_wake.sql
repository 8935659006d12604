-- Lets the scheduled campaigns begin whose time has come.
update campaign
set state = 'running', changed = ?1
where state = 'scheduled' and starts <= ?1 and gathering is null;
