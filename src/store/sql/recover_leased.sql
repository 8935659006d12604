-- Takes back what workers that are gone had not begun: those of others than ?1, those of ?3, or those
-- overdue at ?2.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end, owner = null, lease_until = null
where (state = 'leased' or state = 'sending' or state = 'ambiguous') and state = 'leased'
  and (owner <> ?1 or owner = ?3 or (?1 is null and ?3 is null and lease_until < ?2));
