-- Imports that are given up, and those on which nobody has worked for some seconds: never complete, or wholly taken.
select id from import
where complete = 2
   or (beat < extract(epoch from clock_timestamp())::bigint - $1
       and (complete = 0 or not exists (select 1 from import_row where import_row.import = import.id)))
order by id;
