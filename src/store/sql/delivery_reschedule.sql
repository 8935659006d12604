-- Has what waits for its campaign to begin be due when that does.
update delivery set next_at = ?2 where campaign = ?1 and state = 'pending';
