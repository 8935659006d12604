-- A delivery by its Message-ID, when it was tried.
select id, address, message_id, changed from delivery
where message_id = ?1 and state not in ('pending', 'leased', 'suppressed')
order by id desc limit 1;
