-- Keeps rows of an import until it is complete. They come as JSON: address, hash, name and language of each.
insert into import_row (import, address, hash, name, language)
select ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')
from json_each(?2);
