-- Version 6: a column that only SQLite needs, where writers wait for each other; see schema_10.sql there.
alter table campaign add column gathering bigint;
