-- Puts the people of an import on the list; who has left it stays away, unless a file took them off it. Whoever came with a
-- file that does not rule (2) goes with the first that does and has them.
insert into membership (list, subscriber, status, since, changed, by_file)
select import.list, subscriber.id, 'active', import.at, import.at, 2 - import.rules
from import join import_row on import_row.import = import.id
join subscriber on subscriber.hash = import_row.hash
where import.id = ?1 and import_row.hash <= ?2
order by import_row.hash
on conflict (list, subscriber) do update
set status = 'active', changed = excluded.changed, by_file = excluded.by_file, asked = null, asked_name = null,
    asked_language = null
where membership.status = 'pending' or (membership.status = 'unsubscribed' and membership.by_file = 1);
