-- Adds a person, or takes over the name and language that a newer row gives. Returns the person's id.
insert into subscriber (address, name, language)
values (?1, ?2, ?3)
on conflict (address) do update
set name = coalesce(excluded.name, subscriber.name), language = coalesce(excluded.language, subscriber.language)
returning id;
