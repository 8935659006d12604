-- Lets a campaign go on: a paused one whose time has not come waits for that again (unless it was to begin at once, when the
-- clock was ahead), and a scheduled one begins now.
update campaign
set state = case when state = 'paused' and starts > ?2 and starts > queued then 'scheduled' else 'running' end,
    starts = case when state = 'scheduled' and starts > ?2 then ?2 else starts end,
    reason = null, changed = ?2
where id = ?1 and state in ('paused', 'scheduled')
returning state;
