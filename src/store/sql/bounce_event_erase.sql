-- Forgets what came back of a person's mail.
delete from bounce_event where identity = ?1 or delivery in (select id from delivery where identity = ?1);
