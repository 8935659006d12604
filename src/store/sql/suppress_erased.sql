-- Stops all mail to an address that is forgotten: whatever it was stopped for before, nothing of it may be kept from now on.
insert into suppression (hash, reason, since)
values (?1, ?2, ?3)
on conflict (hash) do update set reason = excluded.reason, since = excluded.since;
