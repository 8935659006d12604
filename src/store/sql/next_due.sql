-- When the next delivery of a campaign is due.
select min(next_at) from delivery where campaign = ?1 and state in ('pending', 'deferred');
