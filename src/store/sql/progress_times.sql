-- When the first and the last were sent, how many since an instant, in how many minutes of the clock, and how many later than
-- in the second of the first.
select min(changed), max(changed), coalesce(sum(changed > ?2), 0), count(distinct substr(changed, 1, 16)),
    coalesce(sum(changed > (select min(changed) from delivery where campaign = ?1 and state = 'sent')), 0)
from delivery
where campaign = ?1 and state = 'sent';
