-- Begins to import a list.
insert into import (list, at, rules, beat) values ($1, $2, $3, extract(epoch from clock_timestamp())::bigint) returning id;
