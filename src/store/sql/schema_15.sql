-- SQLite makes a table of the words behind `in` each time that a row comes into the index or leaves it: a third of what
-- recording a delivery takes.
drop index delivery_held;
create index delivery_held on delivery (campaign, state)
where state = 'leased' or state = 'sending' or state = 'ambiguous';
