-- Takes back what workers hold for somebody and have not begun, but for one: whether it may go is asked anew when it is claimed again.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end, owner = null, lease_until = null
where identity = ?1 and state = 'leased' and id <> ?2;
