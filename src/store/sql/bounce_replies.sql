-- What servers answered of the recipient of a delivery while it was handed over, and counts against the address.
select address, at from bounce_event
where delivery = ?1 and evidence = 'reply' and counts = 1;
