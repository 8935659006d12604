-- Lengthens what a worker holds, by the clock of this server.
update delivery
set lease_until = greatest(lease_until, $2)
where owner = $1 and state in ('leased', 'sending');
