-- Keeps the message that answers a request.
update notice set state = 'ready', message_id = ?2, message = ?3, changed = ?4 where id = ?1 and state = 'asked';
