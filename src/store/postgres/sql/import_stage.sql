-- Keeps rows of an import until it is complete. They come as JSON: address, hash, name and language of each.
insert into import_row (import, address, hash, name, language)
select $1::bigint, one ->> 0, one ->> 1, one ->> 2, one ->> 3
from json_array_elements($2::text::json) as one;
