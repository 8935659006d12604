-- Forgets what was recorded of a person who is on no list.
delete from consent where subscriber = ?1 and not exists (select 1 from membership where subscriber = ?1);
