-- Of two people who are one, takes the first away.
delete from subscriber where id = ?1 and id <> ?2;
