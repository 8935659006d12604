-- All campaigns, oldest first.
select id, series, ordinal, revision, state, reason, queued, starts, changed
from campaign
order by id;
