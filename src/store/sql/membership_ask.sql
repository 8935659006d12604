-- A person asks to be on a list. One who has unsubscribed stays so until they confirm; so does one who is on it and is kept
-- away. Who is on it and gets its mail does not ask.
insert into membership (list, subscriber, status, since, changed, asked, asked_name, asked_language)
values (?1, ?2, 'pending', ?3, ?3, ?3, ?4, ?5)
on conflict (list, subscriber) do update
set asked = excluded.asked, changed = excluded.changed, asked_name = excluded.asked_name,
    asked_language = excluded.asked_language;
