-- Keeps that a message was read.
insert into bounce (key, class, at) values (?1, ?2, ?3)
on conflict (key) do nothing;
