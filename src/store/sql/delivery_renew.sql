-- Lengthens what a worker holds.
update delivery
set lease_until = ?2
where owner = ?1 and state in ('leased', 'sending', 'ambiguous') and state <> 'ambiguous';
