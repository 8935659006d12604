-- Unsubscribes an address from a list; a second time changes nothing.
update membership
set status = 'unsubscribed', changed = ?3
where list = ?1 and status = 'active'
  and subscriber = (select id from subscriber where address = ?2);
