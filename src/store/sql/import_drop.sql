-- Forgets some rows of an import.
delete from import_row
where import = ?1 and hash <= (
    select max(hash) from (select hash from import_row where import = ?1 order by hash limit ?2) as next
);
