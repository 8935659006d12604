-- Version 12: which files of lists were read to their end, so that none is read twice for nothing.

-- A list that is kept as a file, and the SHA-256 of the bytes that were taken from it last, in hexadecimal.
create table list_file (
    list text primary key,
    checksum text not null
) strict, without rowid;
