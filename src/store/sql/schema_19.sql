-- Version 19, and 14 of a server: of who was erased, nothing is kept of what servers said afterwards, and nothing waits to go to them.

update attempt set reply = ''
where reply <> '' and delivery in (select id from delivery where identity like 'erased-%' and identity not like '%@%');

-- What stands in the place of the address stands in the delivery.
update bounce_event
set diagnosis = '',
    address = (select delivery.address from delivery where delivery.id = bounce_event.delivery),
    identity = (select delivery.identity from delivery where delivery.id = bounce_event.delivery)
where delivery in (select id from delivery where identity like 'erased-%' and identity not like '%@%');

-- A message that was put off while its reader was being erased was due once more, to nobody.
update delivery set state = 'suppressed', owner = null, lease_until = null
where state in ('pending', 'leased', 'deferred') and identity like 'erased-%' and identity not like '%@%';
