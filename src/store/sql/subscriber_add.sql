-- Adds a person, or takes over the name and language that a newer row gives, unless they chose those themselves. Returns
-- the person's id.
insert into subscriber (address, name, language, hash)
values (?1, ?2, ?3, ?4)
on conflict (hash) do update
set name = case subscriber.own when 1 then subscriber.name else coalesce(excluded.name, subscriber.name) end,
    language = case subscriber.own when 1 then subscriber.language else coalesce(excluded.language, subscriber.language) end
returning id;
