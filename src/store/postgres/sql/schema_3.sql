-- Version 3: what the embedded store has in its version 7: addresses as they are compared, words of consent without
-- addresses, keys of return paths. What SQL alone cannot do is done in schema.rs.

-- The address in the form in which addresses are compared, which is made in one place alone: no collation knows it.
alter table delivery add column identity text not null default '';
alter table bounce_event add column identity text not null default '';
update delivery set identity = lower(address collate "C");
update bounce_event set identity = lower(address collate "C");
drop index delivery_address;
drop index bounce_event_address;
create index delivery_identity on delivery (identity);
create index bounce_event_identity on bounce_event (identity, tried);

-- Two people of whom the collation thinks that they are one, such as those with a sharp s and with two of the other kind,
-- are two.
alter table subscriber drop constraint subscriber_address_key;
alter table delivery drop constraint delivery_campaign_address_key;
alter table delivery add constraint delivery_campaign_identity_key unique (campaign, identity);

-- Who is forgotten takes along the words that nobody else was shown.
create index consent_wording on consent (wording);

-- What return paths were ever made from: a report may come after the secret has changed, or to a run that was not given
-- it. Neither a secret nor a token can be made from such a key.
create table return_path_key (
    key bytea primary key
);
