-- Version 5: what the embedded store has in its version 9: what somebody calls themselves counts once they confirm; requests
-- that several processes answer; lists that are imported in steps.

-- How they want to be greeted who asked, and in which language, until they confirm that.
alter table membership add column asked_name text;
alter table membership add column asked_language text;
update membership
set asked_name = subscriber.name, asked_language = subscriber.language
from subscriber
where subscriber.id = membership.subscriber and membership.status = 'pending';

-- Which process hands a message on, and until when nobody else does.
alter table notice add column holder text;
alter table notice add column held timestamptz;

-- Files that are being imported. Until `complete` is 1 nothing of one counts, and then all of it: whoever opens the store
-- takes what is left; 2 are those that are given up. `beat` is when somebody last worked on it, in seconds by the clock of the store; `added` and `kept_out` say
-- how many of its people were taken, and were not because they have left or must not be written to.
create table import (
    id       bigint generated always as identity primary key,
    list     text not null,
    at       timestamptz not null,
    complete bigint not null default 0 check (complete in (0, 1, 2)),
    beat     bigint not null,
    added    bigint not null default 0,
    kept_out bigint not null default 0
);

-- Their rows that were not taken yet.
create table import_row (
    import   bigint not null references import (id),
    hash     text collate "C" not null,
    address  text not null,
    name     text,
    language text,
    primary key (import, hash)
);
create index import_row_hash on import_row (hash);
