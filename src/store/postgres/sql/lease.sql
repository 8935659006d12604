-- Gives deliveries into the hands of a worker, for so many seconds by the clock of this server, and settles those that must
-- not go out.
update delivery
set state = case when id = any ($4) then 'suppressed' else 'leased' end,
    owner = case when id = any ($4) then null else $1 end,
    epoch = epoch + case when id = any ($4) then 0 else 1 end,
    lease_until = case when id = any ($4) then null else clock_timestamp() + $2::bigint * interval '1 second' end,
    changed = case when id = any ($4) then $5 else changed end
where id = any ($3);
