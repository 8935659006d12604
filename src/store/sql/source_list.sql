-- What is remembered of all sources on the web.
select address, etag, last_modified, validated, reading, items, asked, answered, next, failures, fault, moved_to, moves, gone, rhythm, rest
from source
order by address;
