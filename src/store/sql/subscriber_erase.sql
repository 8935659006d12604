-- Forgets a person who is on no list.
delete from subscriber where id = ?1;
