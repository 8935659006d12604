-- What nobody knows of people who were erased is not sent again: there is no address to send it to.
update delivery
set state = 'suppressed', owner = null, lease_until = null, changed = ?2
where campaign = ?1 and state = 'ambiguous' and identity like 'erased-%' and identity not like '%@%';
