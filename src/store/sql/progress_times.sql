-- When the first and the last were sent, how many since an instant, and in how many minutes of the clock.
select min(changed), max(changed), coalesce(sum(changed > ?2), 0), count(distinct substr(changed, 1, 16))
from delivery
where campaign = ?1 and state = 'sent';
