-- What workers that are gone had begun may have arrived: those of others than ?1, those of ?3, or those
-- overdue at ?2.
update delivery
set state = 'ambiguous', attempts = attempts + 1, first_tried = coalesce(first_tried, ?2), lease_until = null, changed = ?2
where (state = 'leased' or state = 'sending' or state = 'ambiguous') and state = 'sending'
  and (owner <> ?1 or owner = ?3 or (?1 is null and ?3 is null and lease_until < ?2))
returning id;
