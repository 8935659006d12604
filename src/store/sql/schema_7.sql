-- Version 7: addresses as they are compared, words of consent without addresses, keys of return paths. What SQL alone
-- cannot do is done in schema.rs.

-- The address in the form in which addresses are compared, which is made in one place alone: no collation knows it.
alter table delivery add column identity text not null default '';
alter table bounce_event add column identity text not null default '';
update delivery set identity = lower(address);
update bounce_event set identity = lower(address);
drop index delivery_address;
drop index bounce_event_address;
create index delivery_identity on delivery (identity);
create index bounce_event_identity on bounce_event (identity, tried);

-- Who is forgotten takes along the words that nobody else was shown.
create index consent_wording on consent (wording);

-- What return paths were ever made from: a report may come after the secret has changed, or to a run that was not given
-- it. Neither a secret nor a token can be made from such a key.
create table return_path_key (
    key blob primary key
) strict, without rowid;
