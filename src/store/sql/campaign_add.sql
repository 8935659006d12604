-- Begins to send an issue; nothing when it was begun before, in this revision or an earlier one.
insert into campaign (series, ordinal, revision, state, queued, starts, changed)
values (?1, ?2, ?3, ?4, ?5, ?6, ?5)
on conflict (series, ordinal) do nothing
returning id;
