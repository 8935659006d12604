-- Has deliveries wait again that were given up since mail to their address was stopped: whether it may go is asked when they are claimed.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end
where identity = ?1 and state = 'suppressed' and changed >= ?2
  and campaign in (select id from campaign where state in ('scheduled', 'running', 'paused'));
