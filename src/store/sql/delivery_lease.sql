-- Gives a delivery into the hands of a worker.
update delivery
set state = 'leased', owner = ?2, epoch = ?3, lease_until = ?4
where id = ?1;
