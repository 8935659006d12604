-- Version 1: what the embedded store has in its version 5.

-- Addresses in other capitals are the same address.
create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- A person.
create table subscriber (
    id       bigint generated always as identity primary key,
    address  text collate nocase not null unique,
    name     text,
    language text
);

-- A person on a list. A row never goes: who has unsubscribed stays so, whatever is imported later.
create table membership (
    subscriber bigint not null references subscriber (id),
    list       text not null,
    status     text not null check (status in ('active', 'unsubscribed')),
    since      timestamptz not null,
    changed    timestamptz not null,
    primary key (list, subscriber)
);

-- What unsubscribe tokens are made from, unless the run is given a secret: one row. Each half has 122 random bits.
create table secret (
    id    bigint primary key check (id = 1),
    value text not null
);

insert into secret (id, value)
values (1, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- Addresses that get no mail through any list.
create table suppression (
    address text collate nocase primary key,
    reason  text not null,
    since   timestamptz not null
);

-- A source on the web by its address in config.toml; under another name it is the same source. `rhythm` is in seconds;
-- of `rest`, bits 0 to 23 are hours of the day in UTC, 24 to 30 days of the week from Monday on.
create table source (
    address       text primary key,
    etag          bytea,
    last_modified bytea,
    validated     text,
    reading       text not null,
    items         bigint,
    asked         timestamptz,
    answered      timestamptz,
    next          timestamptz,
    failures      bigint not null check (failures >= 0),
    fault         text,
    moved_to      text,
    moves         bigint not null check (moves >= 0),
    gone          timestamptz,
    rhythm        bigint,
    rest          bigint not null default 0 check (rest >= 0)
);

-- An issue on its way to its readers, who are those of the moment in which it was queued, once for ever.
create table campaign (
    id       bigint generated always as identity primary key,
    series   text not null,
    ordinal  bigint not null,
    revision bigint not null,
    state    text not null check (state in ('scheduled', 'running', 'paused', 'cancelled', 'finished')),
    reason   text,
    queued   timestamptz not null,
    starts   timestamptz not null,
    changed  timestamptz not null,
    unique (series, ordinal)
);

-- One issue to one recipient, whichever lists they are on and whatever was amended since. `owner`, `epoch` and
-- `lease_until` are of the worker that holds it, or held it last where nobody knows what became of it; `lease_until`
-- is by the clock of this server. Rows change several times in a short while: room is left for that, and what they were
-- is swept early.
create table delivery (
    id          bigint generated always as identity primary key,
    campaign    bigint not null references campaign (id),
    address     text collate nocase not null,
    name        text,
    language    text,
    list        text not null,
    token       text not null,
    message_id  text not null,
    state       text not null check (state in
        ('pending', 'leased', 'sending', 'sent', 'deferred', 'failed', 'suppressed', 'ambiguous')),
    owner       text,
    epoch       bigint not null default 0,
    lease_until timestamptz,
    attempts    bigint not null default 0,
    first_tried timestamptz,
    next_at     timestamptz not null,
    changed     timestamptz not null,
    unique (campaign, address)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- What may be claimed, and what is held: few rows, however long the campaign.
create index delivery_due on delivery (campaign, next_at, id) where state in ('pending', 'deferred');
create index delivery_held on delivery (campaign, state) where state in ('leased', 'sending', 'ambiguous');
create index delivery_address on delivery (address);

-- Every try, with what was said.
create table attempt (
    id       bigint generated always as identity primary key,
    delivery bigint not null references delivery (id),
    at       timestamptz not null,
    state    text not null,
    relay    text not null,
    code     bigint,
    enhanced text,
    reply    text not null
);

create index attempt_delivery on attempt (delivery);

-- A message of the mailbox for bounces that was read, by what makes it this message.
create table bounce (
    key   text primary key,
    class text not null,
    at    timestamptz not null
);

-- What it says of one recipient. `tried` is when the delivery was made that it is about, `at` when it was read;
-- `counts` says whether it counts towards suppression.
create table bounce_event (
    id        bigint generated always as identity primary key,
    bounce    text not null references bounce (key),
    address   text collate nocase not null,
    delivery  bigint references delivery (id),
    class     text not null,
    reason    text not null,
    status    text not null,
    code      bigint,
    diagnosis text not null,
    evidence  text not null,
    counts    bigint not null check (counts in (0, 1)),
    tried     timestamptz not null,
    at        timestamptz not null
);

create index bounce_event_address on bounce_event (address, tried);
create index bounce_event_delivery on bounce_event (delivery);
create index delivery_message_id on delivery (message_id);
