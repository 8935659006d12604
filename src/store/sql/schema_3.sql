-- Version 3: campaigns that are scheduled, paused and cancelled; deliveries that workers hold, try and try again.

alter table campaign rename to campaign_2;
alter table delivery rename to delivery_2;

-- An issue on its way to its readers, who are those of the moment in which it was queued, once for ever.
create table campaign (
    id       integer primary key,
    series   text not null,
    ordinal  integer not null,
    revision integer not null,
    state    text not null check (state in ('scheduled', 'running', 'paused', 'cancelled', 'finished')),
    reason   text,
    queued   text not null,
    starts   text not null,
    changed  text not null,
    unique (series, ordinal)
) strict;

-- One issue to one recipient, whichever lists they are on and whatever was amended since. `owner`, `epoch` and
-- `lease_until` are of the worker that holds it, or held it last where nobody knows what became of it.
create table delivery (
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
    changed     text not null,
    unique (campaign, address)
) strict;

-- What may be claimed, and what is held: few rows, however long the campaign.
create index delivery_due on delivery (campaign, next_at, id) where state in ('pending', 'deferred');
create index delivery_held on delivery (campaign, state) where state in ('leased', 'sending', 'ambiguous');
create index delivery_address on delivery (address);

-- Every try, with what was said.
create table attempt (
    id       integer primary key,
    delivery integer not null references delivery (id),
    at       text not null,
    state    text not null,
    relay    text not null,
    code     integer,
    enhanced text,
    reply    text not null
) strict;

create index attempt_delivery on attempt (delivery);

insert into campaign (series, ordinal, revision, state, queued, starts, changed)
select series, ordinal, revision,
    case when exists (
        select 1 from delivery_2
        where delivery_2.series = campaign_2.series and delivery_2.ordinal = campaign_2.ordinal and state = 'pending'
    ) then 'running' else 'finished' end,
    queued, queued, queued
from campaign_2
order by queued, series, ordinal;

insert into delivery (campaign, address, name, language, list, token, message_id, state, next_at, changed)
select campaign.id, address, name, language, list, token, message_id, delivery_2.state, delivery_2.changed, delivery_2.changed
from delivery_2
join campaign on campaign.series = delivery_2.series and campaign.ordinal = delivery_2.ordinal
order by campaign.id, address;

drop table delivery_2;
drop table campaign_2;
