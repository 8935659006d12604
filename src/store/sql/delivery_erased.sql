-- What stands in the place of the address of a delivery, if its recipient was erased.
select address from delivery where id = ?1 and identity like 'erased-%' and identity not like '%@%';
