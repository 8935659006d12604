-- Version 17: what this store cannot know, and what was said that is not said again.

-- The issues that were frozen before there was this store: whether they were mailed, it does not know.
create table frozen_before (
    series  text not null,
    ordinal integer not null,
    primary key (series, ordinal)
) strict, without rowid;

-- What a run has said that comes again at each run, and is to be said once: a campaign that was paused, a mail that cannot be believed. Messages
-- stand here by their hashes.
create table said (
    what text primary key
) strict, without rowid;
