-- What is remembered of all sources on the web.
select address, etag, last_modified, validated, reading, items, asked, answered, next, failures, fault, moved_to, moves, gone, rhythm, rest,
       gap_page, gap_before, gap_left, gap_tries, gap_fault, gap_next
from source
order by address;
