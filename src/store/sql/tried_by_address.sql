-- The last delivery to an address that was tried.
select id, address, message_id, changed from delivery
where identity = ?1 and state not in ('pending', 'leased', 'suppressed')
order by changed desc, id desc limit 1;
