-- Settles a delivery to an address that must not be written to any more.
update delivery
set state = 'suppressed', owner = null, lease_until = null, changed = ?2
where id = ?1;
