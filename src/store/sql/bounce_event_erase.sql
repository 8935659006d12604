-- Forgets what came back of a person's mail.
delete from bounce_event where address = ?1;
