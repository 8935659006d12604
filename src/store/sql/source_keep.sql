-- Remembers a source as it stands now, instead of what was known of it.
insert or replace into source
    (address, etag, last_modified, validated, reading, items, asked, answered, next, failures, fault, moved_to, moves, gone, rhythm, rest)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);
