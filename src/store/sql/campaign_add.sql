-- Begins to send an issue; nothing when it was begun before, in this revision or an earlier one. ?7 says whether its
-- recipients are settled in steps: then it is there for nobody yet.
insert into campaign (series, ordinal, revision, state, queued, starts, changed, gathering)
values (?1, ?2, ?3, ?4, ?5, ?6, ?5, case ?7 when 1 then unixepoch() end)
on conflict (series, ordinal) do nothing
returning id;
