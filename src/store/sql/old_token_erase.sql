-- Forgets a person's old tokens.
delete from old_token where subscriber = ?1;
