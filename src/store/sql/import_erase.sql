-- Forgets a person's rows.
delete from import_row where hash = ?1;
