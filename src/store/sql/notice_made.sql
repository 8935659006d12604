-- Keeps the message that answers a request, and whether it goes to anybody.
update notice
set state = 'ready', message_id = ?2, message = ?3, changed = ?4, address = case when ?5 = 1 then '' else address end
where id = ?1 and state = 'asked';
