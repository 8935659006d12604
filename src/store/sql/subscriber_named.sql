-- A person has confirmed how they are greeted and in which language. Of one who was never on a list nobody else's words
-- stay. What they gave is their own from then on: 1 is both, 2 the language, 3 the name.
update subscriber
set name = case when ?4 = 1 or own = 1 then coalesce(?2, name) else ?2 end,
    language = case when ?4 = 1 or own = 1 then coalesce(?3, language) else ?3 end,
    own = case
        when own = 1 or ((?2 is not null or own = 3) and (?3 is not null or own = 2)) then 1
        when ?2 is not null or own = 3 then 3
        when ?3 is not null or own = 2 then 2
        else 0
    end
where id = ?1;
