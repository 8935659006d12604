-- Puts a person on a list; one who is or was on it stays as they are.
insert into membership (list, subscriber, status, since, changed)
values (?1, ?2, 'active', ?3, ?3)
on conflict (list, subscriber) do nothing;
