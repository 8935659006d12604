-- The messages that somebody holds, the oldest first.
select id, address, message_id, message from notice where state = 'ready' and holder = ?1 order by id;
