-- Unsubscribes an address from every list.
update membership
set status = 'unsubscribed', changed = ?2
where status = 'active' and subscriber = (select id from subscriber where address = ?1);
