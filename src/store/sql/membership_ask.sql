-- A person asks to be on a list. One who has unsubscribed stays so until they confirm.
insert into membership (list, subscriber, status, since, changed, asked)
values (?1, ?2, 'pending', ?3, ?3, ?3)
on conflict (list, subscriber) do update set asked = excluded.asked, changed = excluded.changed
where membership.status <> 'active';
