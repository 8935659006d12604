-- A campaign of which something is due again runs again.
update campaign
set state = 'running', changed = ?2
where id = ?1 and state = 'finished';
