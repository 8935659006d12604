-- Takes a person off a list whom its file alone put there, and has no more.
update membership
set status = 'unsubscribed', changed = ?3
where list = ?1 and subscriber = ?2 and status = 'active' and by_file = 1;
