-- Version 2: what is remembered of sources on the web.

-- A source by its address in config.toml; under another name it is the same source.
create table source (
    address       text primary key,
    etag          blob,
    last_modified blob,
    validated     text,
    reading       text not null,
    items         integer,
    asked         text,
    answered      text,
    next          text,
    failures      integer not null check (failures >= 0),
    fault         text,
    moved_to      text,
    moves         integer not null check (moves >= 0),
    gone          text
) strict, without rowid;
