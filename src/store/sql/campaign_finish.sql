-- Ends a running campaign of which nothing is due or held any more.
update campaign
set state = 'finished', reason = null, changed = ?2
where id = ?1 and state = 'running'
  and not exists (select 1 from delivery where campaign = ?1 and state in ('pending', 'deferred'))
  and not exists (select 1 from delivery
      where campaign = ?1 and (state = 'leased' or state = 'sending' or state = 'ambiguous') and state <> 'ambiguous');
