-- Stops a campaign for good.
update campaign
set state = 'cancelled', reason = null, changed = ?2
where id = ?1 and state in ('scheduled', 'running', 'paused');
