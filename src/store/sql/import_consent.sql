-- Notes of those who are new on the list that they came with a file.
insert into consent (subscriber, list, event, at, way)
select subscriber.id, import.list, 'imported', import.at, 'file'
from import join import_row on import_row.import = import.id
join subscriber on subscriber.hash = import_row.hash
where import.id = ?1 and import_row.hash <= ?2
  and not exists (
      select 1
      from membership
      where membership.list = import.list and membership.subscriber = subscriber.id and membership.status <> 'pending'
        and not (membership.status = 'unsubscribed' and membership.by_file = 1)
  )
order by import_row.hash;
