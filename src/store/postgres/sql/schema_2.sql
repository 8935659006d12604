-- Version 2: what the embedded store has in its version 6: double opt-in with a log of consent, suppression without
-- addresses, answers to requests from the web. What the old rows need a key for is done in schema.rs.

-- By which a person is known: the keyed hash of the address as it is compared.
alter table subscriber add column hash text;
-- 1 where they chose name and language themselves: no file changes them then.
alter table subscriber add column own bigint not null default 0;
create unique index subscriber_hash on subscriber (hash);

-- `asked` is when they asked to be on a list, as long as they have not confirmed that.
alter table membership drop constraint membership_status_check;
alter table membership add constraint membership_status_check
    check (status in ('pending', 'active', 'unsubscribed'));
alter table membership add column asked timestamptz;
create index membership_subscriber on membership (subscriber);
create index membership_asked on membership (asked) where asked is not null;

-- Keys of hashes. They must stay: with another key nobody is known again.
create table hash_key (
    name  text primary key,
    value text not null
);
insert into hash_key (name, value)
values ('address', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- Addresses that get no mail through any list, by their hashes.
alter table suppression rename to suppression_1;
create table suppression (
    hash   text primary key,
    reason text not null,
    since  timestamptz not null
);

-- Words that somebody was shown; most people were shown the same.
create table wording (
    id    bigint generated always as identity primary key,
    words text not null unique
);

-- What people agreed to, and took back.
create table consent (
    id         bigint generated always as identity primary key,
    subscriber bigint not null references subscriber (id),
    list       text not null,
    event      text not null,
    at         timestamptz not null,
    way        text not null,
    network    text,
    wording    bigint references wording (id)
);
create index consent_subscriber on consent (subscriber);

-- Tokens of an older make that stand in mails which were sent, by their hashes.
create table old_token (
    hash       text primary key,
    list       text not null,
    subscriber bigint not null references subscriber (id)
);

-- Requests from the web, and the messages that answer them. Once a message is sent only the hash and the time stay, for
-- a day, so that nobody's mailbox is filled by others.
create table notice (
    id         bigint generated always as identity primary key,
    kind       text not null check (kind in ('subscribe', 'manage')),
    hash       text not null,
    address    text not null,
    name       text,
    language   text not null,
    lists      text not null,
    network    text,
    words      text not null,
    asked      timestamptz not null,
    state      text not null check (state in ('asked', 'ready', 'sent', 'dropped', 'failed')),
    message_id text,
    message    bytea,
    changed    timestamptz not null
);
create index notice_state on notice (state);
create index notice_hash on notice (hash, changed);
