-- Gives an import up that is not complete, or of which nothing is left.
update import set complete = 2
where id = ?1 and (complete <> 1 or not exists (select 1 from import_row where import_row.import = import.id));
