-- The tables of the newest version, as all steps leave them. A test holds the two together.
CREATE TABLE subscriber (
    id       integer primary key,
    address  text not null collate nocase unique,
    name     text,
    language text
, hash text, own integer not null default 0) strict;
CREATE TABLE secret (
    id    integer primary key check (id = 1),
    value text not null
) strict;
CREATE TABLE source (
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
, rhythm integer, rest integer not null default 0 check (rest >= 0), gap_page text, gap_before text, gap_left integer not null default 0 check (gap_left >= 0), gap_tries integer not null default 0 check (gap_tries >= 0), gap_fault text, gap_next text) strict, without rowid;
CREATE TABLE campaign (
    id       integer primary key,
    series   text not null,
    ordinal  integer not null,
    revision integer not null,
    state    text not null check (state in ('scheduled', 'running', 'paused', 'cancelled', 'finished')),
    reason   text,
    queued   text not null,
    starts   text not null,
    changed  text not null, gathering integer, text text,
    unique (series, ordinal)
) strict;
CREATE TABLE delivery (
    id          integer primary key,
    campaign    integer not null references campaign (id),
    address     text not null collate nocase,
    name        text,
    language    text,
    list        text not null,
    token       text not null,
    message_id  text not null,
    state       text not null check (state in
        ('pending', 'leased', 'sending', 'sent', 'deferred', 'failed', 'suppressed', 'ambiguous')),
    owner       text,
    epoch       integer not null default 0,
    lease_until text,
    attempts    integer not null default 0,
    first_tried text,
    next_at     text not null,
    changed     text not null, identity text not null default '', revision integer,
    unique (campaign, address)
) strict;
CREATE INDEX delivery_due on delivery (campaign, next_at, id) where state in ('pending', 'deferred');
CREATE TABLE attempt (
    id       integer primary key,
    delivery integer not null references delivery (id),
    at       text not null,
    state    text not null,
    relay    text not null,
    code     integer,
    enhanced text,
    reply    text not null
) strict;
CREATE INDEX attempt_delivery on attempt (delivery);
CREATE TABLE bounce (
    key   text primary key,
    class text not null,
    at    text not null
) strict, without rowid;
CREATE TABLE bounce_event (
    id        integer primary key,
    bounce    text not null references bounce (key),
    address   text not null collate nocase,
    delivery  integer references delivery (id),
    class     text not null,
    reason    text not null,
    status    text not null,
    code      integer,
    diagnosis text not null,
    evidence  text not null,
    counts    integer not null check (counts in (0, 1)),
    tried     text not null,
    at        text not null
, identity text not null default '') strict;
CREATE INDEX bounce_event_delivery on bounce_event (delivery);
CREATE INDEX delivery_message_id on delivery (message_id);
CREATE UNIQUE INDEX subscriber_hash on subscriber (hash);
CREATE TABLE "membership" (
    subscriber integer not null references subscriber (id),
    list       text not null,
    status     text not null check (status in ('pending', 'active', 'unsubscribed')),
    since      text not null,
    changed    text not null,
    asked      text, asked_name text, asked_language text, by_file integer not null default 0 check (by_file in (0, 1, 2)),
    primary key (list, subscriber)
) strict, without rowid;
CREATE INDEX membership_subscriber on membership (subscriber);
CREATE INDEX membership_asked on membership (asked) where asked is not null;
CREATE TABLE hash_key (
    name  text primary key,
    value text not null
) strict, without rowid;
CREATE TABLE suppression (
    hash   text primary key,
    reason text not null,
    since  text not null
) strict, without rowid;
CREATE TABLE consent (
    id         integer primary key,
    subscriber integer not null references subscriber (id),
    list       text not null,
    event      text not null,
    at         text not null,
    way        text not null,
    network    text,
    wording    integer references wording (id)
) strict;
CREATE INDEX consent_subscriber on consent (subscriber);
CREATE TABLE wording (
    id    integer primary key,
    words text not null unique
) strict;
CREATE TABLE old_token (
    hash       text primary key,
    list       text not null,
    subscriber integer not null references subscriber (id)
) strict, without rowid;
CREATE TABLE notice (
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
, due text, holder text, held text) strict;
CREATE INDEX notice_state on notice (state);
CREATE INDEX notice_hash on notice (hash, changed);
CREATE INDEX delivery_identity on delivery (identity);
CREATE INDEX bounce_event_identity on bounce_event (identity, tried);
CREATE INDEX consent_wording on consent (wording);
CREATE TABLE return_path_key (
    key blob primary key
) strict, without rowid;
CREATE TABLE import (
    id       integer primary key autoincrement,
    list     text not null,
    at       text not null,
    complete integer not null default 0 check (complete in (0, 1, 2)),
    beat     integer not null,
    added    integer not null default 0,
    kept_out integer not null default 0
, rules integer not null default 0) strict;
CREATE TABLE import_row (
    import   integer not null references import (id),
    hash     text not null,
    address  text not null,
    name     text,
    language text,
    primary key (import, hash)
) strict, without rowid;
CREATE INDEX import_row_hash on import_row (hash);
CREATE TABLE list_file (
    list text primary key,
    checksum text not null
) strict, without rowid;
CREATE TABLE former_list (
    name   text primary key,
    became text,
    noted  text
) strict, without rowid;
CREATE VIEW kept_away (subscriber, list, former) as
select gone.subscriber, membership.list, gone.list
from former_list cross join membership as gone cross join membership
where former_list.became is null
  and gone.list = former_list.name and gone.status = 'unsubscribed' and gone.by_file <> 1
  and membership.subscriber = gone.subscriber and membership.list <> gone.list
  and (former_list.noted is null or membership.since >= former_list.noted)
  and not exists (
      select 1
      from consent
      where consent.subscriber = membership.subscriber and consent.list = membership.list
        and consent.event in ('added', 'confirmed') and consent.at > gone.changed
  );
CREATE INDEX delivery_held on delivery (campaign, state)
where state = 'leased' or state = 'sending' or state = 'ambiguous';
CREATE TABLE signing_secret (
    code text primary key,
    used integer not null
) strict, without rowid;
CREATE TABLE frozen_before (
    series  text not null,
    ordinal integer not null,
    primary key (series, ordinal)
) strict, without rowid;
CREATE TABLE said (
    what text primary key
) strict, without rowid;
