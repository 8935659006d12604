-- Up to which row the next ones of an import are taken.
select max(hash) from (select hash from import_row where import = ?1 order by hash limit ?2) as next;
