-- Forgets an import of which no rows are left.
delete from import where id = ?1 and not exists (select 1 from import_row where import_row.import = import.id);
