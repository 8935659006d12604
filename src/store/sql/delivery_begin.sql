-- Makes due now what is due when the campaign begins at a time to come.
update delivery
set next_at = ?2
where campaign = ?1 and state = 'pending' and next_at > ?2;
