-- Notes of those who once came with some file that the one that rules has them.
update membership
set by_file = 1
where by_file = 2 and exists (
    select 1
    from import join import_row on import_row.import = import.id
    join subscriber on subscriber.hash = import_row.hash
    where import.id = ?1 and import_row.hash <= ?2 and import.rules = 1
      and membership.list = import.list and membership.subscriber = subscriber.id
);
