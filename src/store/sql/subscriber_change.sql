-- A person chooses how they are greeted and in which language.
update subscriber set name = ?2, language = ?3, own = 1 where id = ?1;
