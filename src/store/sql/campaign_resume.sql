-- Lets a campaign go on, or begin now.
update campaign
set state = 'running', reason = null, changed = ?2
where id = ?1 and state in ('paused', 'scheduled');
