-- Unsubscribes a person from a list, and takes back what they asked for; a second time changes nothing.
update membership
set status = 'unsubscribed', changed = ?3, by_file = 0, asked = null, asked_name = null, asked_language = null
where list = ?1 and subscriber = ?2 and (status <> 'unsubscribed' or by_file = 1 or asked is not null);
