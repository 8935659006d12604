-- What servers answered of the recipient of a delivery counts no more.
update bounce_event
set counts = 0
where delivery = ?1 and evidence = 'reply';
