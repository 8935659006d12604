-- All campaigns whose recipients are settled, oldest first.
select id, series, ordinal, revision, state, reason, queued, starts, changed
from campaign
where gathering is null
order by id;
