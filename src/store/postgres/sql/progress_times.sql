-- When the first and the last were sent, and how many since an instant.
select min(changed), max(changed), count(*) filter (where changed > $2)
from delivery
where campaign = $1 and state = 'sent';
