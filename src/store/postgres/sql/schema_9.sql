-- Version 9: what the embedded store has in its version 13: which older pages of a feed are missing, to be asked for again.

-- The first page that is missing; without it there is no gap.
alter table source add column gap_page text;
-- The gap ends where something was first collected before this.
alter table source add column gap_before timestamptz;
-- How many pages may yet be asked for.
alter table source add column gap_left bigint not null default 0 check (gap_left >= 0);
alter table source add column gap_tries bigint not null default 0 check (gap_tries >= 0);
alter table source add column gap_fault text;
alter table source add column gap_next timestamptz;
