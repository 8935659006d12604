-- Adds a person, or takes over the name and language that a newer row gives, unless they chose those themselves. Returns
-- the person's id.
insert into subscriber (address, name, language, hash)
values (?1, ?2, ?3, ?4)
on conflict (hash) do update
set name = case when subscriber.own in (1, 3) then subscriber.name else coalesce(excluded.name, subscriber.name) end,
    language = case
        when subscriber.own in (1, 2) then subscriber.language
        else coalesce(excluded.language, subscriber.language)
    end
returning id;
