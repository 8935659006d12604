-- Remembers a source as it stands now, instead of what was known of it.
insert into source
    (address, etag, last_modified, validated, reading, items, asked, answered, next, failures, fault, moved_to, moves, gone, rhythm, rest,
     gap_page, gap_before, gap_left, gap_tries, gap_fault, gap_next)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
        ?17, ?18, ?19, ?20, ?21, ?22)
on conflict (address) do update
set etag = excluded.etag, last_modified = excluded.last_modified, validated = excluded.validated,
    reading = excluded.reading, items = excluded.items, asked = excluded.asked,
    answered = excluded.answered, next = excluded.next, failures = excluded.failures,
    fault = excluded.fault, moved_to = excluded.moved_to, moves = excluded.moves,
    gone = excluded.gone, rhythm = excluded.rhythm, rest = excluded.rest,
    gap_page = excluded.gap_page, gap_before = excluded.gap_before, gap_left = excluded.gap_left,
    gap_tries = excluded.gap_tries, gap_fault = excluded.gap_fault, gap_next = excluded.gap_next;
