-- What came back of an address counts no more.
update bounce_event set counts = 0 where identity = ?1 and counts = 1;
