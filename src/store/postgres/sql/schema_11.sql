-- Version 11: what the embedded store has in its version 16: one text for all of a campaign; which secrets sign.

-- The checksum of the message that goes out, once somebody has made it; null after an amendment, until somebody makes that.
alter table campaign add column text text;

-- The secrets that signed links in mail which went out, by a code from which neither they nor a link can be made. The store's
-- own is never missing, and not among them. `used` counts up: the greatest is the one that signed last.
create table signing_secret (
    code text primary key,
    used bigint not null
);
