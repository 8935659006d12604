-- Version 1: subscribers, their lists, who must never be written to, what was queued and what became of it.

-- A person; an address in other capitals is the same person.
create table subscriber (
    id       integer primary key,
    address  text not null collate nocase unique,
    name     text,
    language text
) strict;

-- A person on a list. A row never goes: who has unsubscribed stays so, whatever is imported later.
create table membership (
    subscriber integer not null references subscriber (id),
    list       text not null,
    status     text not null check (status in ('active', 'unsubscribed')),
    since      text not null,
    changed    text not null,
    primary key (list, subscriber)
) strict, without rowid;

-- What unsubscribe tokens are made from, unless the run is given a secret: one row.
create table secret (
    id    integer primary key check (id = 1),
    value text not null
) strict;

insert into secret (id, value) values (1, lower(hex(randomblob(32))));

-- Addresses that get no mail through any list.
create table suppression (
    address text primary key collate nocase,
    reason  text not null,
    since   text not null
) strict, without rowid;

-- An issue that was queued: its recipients are those of that moment, once for ever.
create table campaign (
    series   text not null,
    ordinal  integer not null,
    revision integer not null,
    queued   text not null,
    primary key (series, ordinal)
) strict, without rowid;

-- One issue to one recipient, whichever lists they are on and whatever was amended since.
create table delivery (
    series     text not null,
    ordinal    integer not null,
    address    text not null collate nocase,
    revision   integer not null,
    name       text,
    language   text,
    list       text not null,
    token      text not null,
    state      text not null check (state in ('pending', 'sent', 'failed')),
    message_id text not null unique,
    changed    text not null,
    primary key (series, ordinal, address),
    foreign key (series, ordinal) references campaign (series, ordinal)
) strict, without rowid;

create index delivery_state on delivery (series, ordinal, state);
