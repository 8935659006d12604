-- Keeps that a secret signs now, as the last one.
insert into signing_secret (code, used)
values (?1, (select coalesce(max(other.used), 0) + 1 from signing_secret as other))
on conflict (code) do update
set used = excluded.used
where signing_secret.used < (select max(other.used) from signing_secret as other);
