-- Makes due now what a clock that was ahead put off: what was not tried, and what is put off for longer than anything is.
update delivery
set next_at = ?2
where campaign = ?1 and state in ('pending', 'deferred') and next_at > ?2 and (state = 'pending' or next_at > ?3);
