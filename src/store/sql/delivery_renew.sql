-- Lengthens what a worker holds.
update delivery
set lease_until = ?2
where owner = ?1 and (state = 'leased' or state = 'sending' or state = 'ambiguous') and state <> 'ambiguous';
