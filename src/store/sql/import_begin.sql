-- Begins to import a list.
insert into import (list, at, beat) values (?1, ?2, unixepoch()) returning id;
