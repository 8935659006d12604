-- Version 6: double opt-in with a log of consent, suppression without addresses, answers to requests from the web.
-- What the old rows need a key for is done in schema.rs.

-- By which a person is known: the keyed hash of the address as it is compared.
alter table subscriber add column hash text;
-- 1 where they chose name and language themselves: no file changes them then.
alter table subscriber add column own integer not null default 0;
create unique index subscriber_hash on subscriber (hash);

-- A person on a list. A row never goes, unless the person is erased: who has unsubscribed stays so, whatever is imported
-- later. `asked` is when they asked to be on it, as long as they have not confirmed that.
create table membership_6 (
    subscriber integer not null references subscriber (id),
    list       text not null,
    status     text not null check (status in ('pending', 'active', 'unsubscribed')),
    since      text not null,
    changed    text not null,
    asked      text,
    primary key (list, subscriber)
) strict, without rowid;
insert into membership_6 select subscriber, list, status, since, changed, null from membership;
drop table membership;
alter table membership_6 rename to membership;
create index membership_subscriber on membership (subscriber);
create index membership_asked on membership (asked) where asked is not null;

-- Keys of hashes. They must stay: with another key nobody is known again.
create table hash_key (
    name  text primary key,
    value text not null
) strict, without rowid;
insert into hash_key (name, value) values ('address', lower(hex(randomblob(32))));

-- Addresses that get no mail through any list, by their hashes.
alter table suppression rename to suppression_5;
create table suppression (
    hash   text primary key,
    reason text not null,
    since  text not null
) strict, without rowid;

-- What people agreed to, and took back.
create table consent (
    id         integer primary key,
    subscriber integer not null references subscriber (id),
    list       text not null,
    event      text not null,
    at         text not null,
    way        text not null,
    network    text,
    wording    integer references wording (id)
) strict;
create index consent_subscriber on consent (subscriber);

-- Words that somebody was shown; most people were shown the same.
create table wording (
    id    integer primary key,
    words text not null unique
) strict;

-- Tokens of an older make that stand in mails which were sent, by their hashes.
create table old_token (
    hash       text primary key,
    list       text not null,
    subscriber integer not null references subscriber (id)
) strict, without rowid;

-- Requests from the web, and the messages that answer them. Once a message is sent only the hash and the time stay, for
-- a day, so that nobody's mailbox is filled by others.
create table notice (
    id         integer primary key,
    kind       text not null check (kind in ('subscribe', 'manage')),
    hash       text not null,
    address    text not null,
    name       text,
    language   text not null,
    lists      text not null,
    network    text,
    words      text not null,
    asked      text not null,
    state      text not null check (state in ('asked', 'ready', 'sent', 'dropped', 'failed')),
    message_id text,
    message    blob,
    changed    text not null
) strict;
create index notice_state on notice (state);
create index notice_hash on notice (hash, changed);
