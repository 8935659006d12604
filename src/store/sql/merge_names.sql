-- Of two people who are one, gives the name and language of the first to the second, where that has none.
update subscriber
set name = coalesce(name, (select other.name from subscriber as other where other.id = ?1)),
    language = coalesce(language, (select other.language from subscriber as other where other.id = ?1))
where id = ?2;
