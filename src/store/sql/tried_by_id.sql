-- A delivery by its number, when it was tried.
select id, address, message_id, changed from delivery
where id = ?1 and state not in ('pending', 'leased', 'suppressed');
