-- Lets others hand a message on.
update notice set holder = null, held = null where id = ?1 and holder = ?2;
