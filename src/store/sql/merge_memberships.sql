-- Of two people who are one, gives the lists of the first to the second; on a list that either has left they are no more.
insert into membership (subscriber, list, status, since, changed, asked)
select ?2, list, status, since, changed, asked from membership where subscriber = ?1
on conflict (list, subscriber) do update
set status = case when membership.status = 'active' then excluded.status else membership.status end,
    since = case when membership.since < excluded.since then membership.since else excluded.since end,
    changed = case when membership.changed > excluded.changed then membership.changed else excluded.changed end;
