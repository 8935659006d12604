-- Remembers a source as it stands now, instead of what was known of it.
insert into source
    (address, etag, last_modified, validated, reading, items, asked, answered, next, failures, fault, moved_to, moves, gone, rhythm, rest)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
on conflict (address) do update
set etag = excluded.etag, last_modified = excluded.last_modified, validated = excluded.validated,
    reading = excluded.reading, items = excluded.items, asked = excluded.asked,
    answered = excluded.answered, next = excluded.next, failures = excluded.failures,
    fault = excluded.fault, moved_to = excluded.moved_to, moves = excluded.moves,
    gone = excluded.gone, rhythm = excluded.rhythm, rest = excluded.rest;
