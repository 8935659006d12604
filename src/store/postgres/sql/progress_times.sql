-- When the first and the last were sent, how many since an instant, in how many minutes of the clock, and how many later than
-- in the second of the first.
with sent as (
    select changed from delivery where campaign = $1 and state = 'sent'
)
select min(changed), max(changed), count(*) filter (where changed > $2), count(distinct date_trunc('minute', changed)),
    count(*) filter (
        where date_trunc('second', changed) > (select date_trunc('second', min(earliest.changed)) from sent as earliest)
    )
from sent;
