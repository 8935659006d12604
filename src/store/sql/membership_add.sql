-- Puts a person on a list, or makes one active who had only asked.
insert into membership (list, subscriber, status, since, changed, asked)
values (?1, ?2, 'active', ?3, ?3, null)
on conflict (list, subscriber) do update
set status = 'active', changed = excluded.changed, by_file = 0, asked = null, asked_name = null, asked_language = null;
