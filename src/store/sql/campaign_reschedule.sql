-- Has a campaign of which nothing was tried begin at another time.
update campaign
set starts = ?2, changed = ?3, state = ?4, reason = null
where id = ?1 and state in ('scheduled', 'running', 'paused')
  and not exists (
      select 1 from delivery where campaign = ?1 and (attempts > 0 or state not in ('pending', 'suppressed'))
  );
