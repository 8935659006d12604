-- Adds a person, or takes over the name and language that a newer row gives, unless they chose those themselves. Returns
-- the person's id.
insert into subscriber (address, name, language, hash)
values (?1, ?2, ?3, ?4)
on conflict (hash) do update
set name = case own when 1 then name else coalesce(excluded.name, name) end,
    language = case own when 1 then language else coalesce(excluded.language, language) end
returning id;
