-- Forgets the rows of those who are not on the list and must not be written to.
delete from import_row
where import = ?1 and hash <= ?2
  and exists (select 1 from suppression where suppression.hash = import_row.hash)
  and not exists (
      select 1
      from import join membership on membership.list = import.list
      join subscriber on subscriber.id = membership.subscriber
      where import.id = ?1 and subscriber.hash = import_row.hash
  );
