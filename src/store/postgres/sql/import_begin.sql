-- Begins to import a list.
insert into import (list, at, beat) values ($1, $2, extract(epoch from clock_timestamp())::bigint) returning id;
