-- Gives a delivery back as it was: it was not tried. To whoever was erased meanwhile none goes any more.
update delivery
set state = case
        when identity like 'erased-%' and identity not like '%@%' then 'suppressed'
        when attempts = 0 then 'pending'
        else 'deferred'
    end,
    owner = null, lease_until = null
where id = ?1 and owner = ?2 and epoch = ?3 and state in ('leased', 'sending');
