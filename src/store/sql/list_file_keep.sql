-- Remembers which bytes were taken from the file that a list is kept as.
insert into list_file (list, checksum) values (?1, ?2)
on conflict (list) do update set checksum = excluded.checksum;
