-- Stops all mail to an address; the first reason stays.
insert into suppression (hash, reason, since)
values (?1, ?2, ?3)
on conflict (hash) do nothing;
