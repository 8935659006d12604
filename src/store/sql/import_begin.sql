-- Begins to import a list.
insert into import (list, at, rules, beat) values (?1, ?2, ?3, unixepoch()) returning id;
