-- Gives a delivery back as it was: it was not tried.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end, owner = null, lease_until = null
where id = ?1 and owner = ?2 and epoch = ?3 and state in ('leased', 'sending');
