-- When the first and the last were sent, how many since an instant, and in how many minutes of the clock.
select min(changed), max(changed), count(*) filter (where changed > $2), count(distinct date_trunc('minute', changed))
from delivery
where campaign = $1 and state = 'sent';
