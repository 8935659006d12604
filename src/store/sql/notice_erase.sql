-- Forgets a person's requests.
delete from notice where hash = ?1;
