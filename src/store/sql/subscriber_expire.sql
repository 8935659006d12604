-- Forgets a person who is on no list and has no old link.
delete from subscriber
where id = ?1
  and not exists (select 1 from membership where subscriber = ?1)
  and not exists (select 1 from old_token where subscriber = ?1);
