-- Imports that are complete and have rows left.
select id from import
where complete = 1 and exists (select 1 from import_row where import_row.import = import.id)
order by id;
