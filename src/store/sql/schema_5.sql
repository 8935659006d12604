-- Version 5: what came back of mail.

-- A message of the mailbox for bounces that was read, by what makes it this message.
create table bounce (
    key   text primary key,
    class text not null,
    at    text not null
) strict, without rowid;

-- What it says of one recipient. `tried` is when the delivery was made that it is about, `at` when it was read;
-- `counts` says whether it counts towards suppression.
create table bounce_event (
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
) strict;

create index bounce_event_address on bounce_event (address, tried);
create index bounce_event_delivery on bounce_event (delivery);
create index delivery_message_id on delivery (message_id);
