-- A person has confirmed how they are greeted and in which language. Of one who was never on a list nobody else's words
-- stay.
update subscriber
set name = case when ?4 = 1 or own = 1 then coalesce(?2, name) else ?2 end,
    language = case when ?4 = 1 or own = 1 then coalesce(?3, language) else ?3 end
where id = ?1;
