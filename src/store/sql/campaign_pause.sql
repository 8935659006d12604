-- Stops a campaign, or keeps one from beginning, until it is resumed.
update campaign
set state = 'paused', reason = ?2, changed = ?3
where id = ?1 and state in ('running', 'scheduled');
