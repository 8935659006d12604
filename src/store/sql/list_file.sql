-- The bytes that were taken last from the file that a list is kept as.
select checksum from list_file where list = ?1;
