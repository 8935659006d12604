-- Version 9: what somebody calls themselves counts once they confirm; requests that several processes answer; lists that are
-- imported in steps.

-- How they want to be greeted who asked, and in which language, until they confirm that.
alter table membership add column asked_name text;
alter table membership add column asked_language text;
update membership
set asked_name = (select name from subscriber where subscriber.id = membership.subscriber),
    asked_language = (select language from subscriber where subscriber.id = membership.subscriber)
where status = 'pending';

-- Which process hands a message on, and until when nobody else does.
alter table notice add column holder text;
alter table notice add column held text;

-- Files that are being imported. Until `complete` is 1 nothing of one counts, and then all of it: whoever opens the store
-- takes what is left; 2 are those that are given up. `beat` is when somebody last worked on it, in seconds by the clock of the store; `added` and `kept_out` say
-- how many of its people were taken, and were not because they have left or must not be written to.
create table import (
    id       integer primary key autoincrement,
    list     text not null,
    at       text not null,
    complete integer not null default 0 check (complete in (0, 1, 2)),
    beat     integer not null,
    added    integer not null default 0,
    kept_out integer not null default 0
) strict;

-- Their rows that were not taken yet.
create table import_row (
    import   integer not null references import (id),
    hash     text not null,
    address  text not null,
    name     text,
    language text,
    primary key (import, hash)
) strict, without rowid;
create index import_row_hash on import_row (hash);
