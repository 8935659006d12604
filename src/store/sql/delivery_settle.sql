-- Says what became of a pending delivery; what is settled stays so.
update delivery
set state = ?2, changed = ?3
where message_id = ?1 and state = 'pending';
