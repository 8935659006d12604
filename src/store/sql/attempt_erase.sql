-- Forgets what servers said of a person's messages: it may name them.
update attempt set reply = '' where reply <> '' and delivery in (select id from delivery where identity = ?1);
