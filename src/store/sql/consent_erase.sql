-- Forgets what a person agreed to.
delete from consent where subscriber = ?1;
