-- Messages that wait for a transport, the oldest first.
select id, address, message_id, message from notice where state = 'ready' order by id limit ?1;
