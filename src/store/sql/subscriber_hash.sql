-- Gives a row of an older version its hash.
update subscriber set hash = ?2 where id = ?1;
