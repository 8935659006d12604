-- Whose rows are not taken: those who have left the list, and those who are not on it and must not be written to.
select import_row.address, membership.status is null
from import join import_row on import_row.import = import.id
left join subscriber on subscriber.hash = import_row.hash
left join membership on membership.list = import.list and membership.subscriber = subscriber.id
left join suppression on suppression.hash = import_row.hash
where import.id = ?1 and import_row.hash <= ?2
  and ((membership.status = 'unsubscribed' and membership.by_file <> 1) or (membership.status is null and suppression.hash is not null))
order by import_row.hash;
