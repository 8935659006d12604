-- Stops all mail to an address; the first reason stays.
insert into suppression (address, reason, since)
values (?1, ?2, ?3)
on conflict (address) do nothing;
