-- Stops a campaign, or keeps one from beginning, until it is resumed; also one that waits for a relay, which would go on by
-- itself.
update campaign
set state = 'paused', reason = ?2, changed = ?3
where id = ?1
  and (state in ('running', 'scheduled') or (state = 'paused' and reason like 'no relay can be used: %'));
