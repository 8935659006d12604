-- Forgets rows that were taken.
delete from import_row where import = ?1 and hash <= ?2;
