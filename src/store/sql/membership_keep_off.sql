-- Keeps a person off a list on which nobody has put them.
insert into membership (list, subscriber, status, since, changed)
values (?1, ?2, 'unsubscribed', ?3, ?3)
on conflict (list, subscriber) do nothing;
