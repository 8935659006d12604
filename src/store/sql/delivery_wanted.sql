-- Has deliveries wait again that were given up since mail to their address was stopped, of campaigns that are not over or in the
-- state ?3: whether it may go is asked when they are claimed. Of which campaigns they are.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end
where identity = ?1 and state = 'suppressed' and changed >= ?2
  and campaign in (select id from campaign where state in ('scheduled', 'running', 'paused', ?3))
returning campaign;
