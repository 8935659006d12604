-- Has a delivery tried again that was refused for good, unless its recipient was erased since; of which campaign it is.
update delivery
set state = 'pending', next_at = ?2, changed = ?2, attempts = 0, first_tried = null, revision = null
where id = ?1 and state = 'failed' and (identity not like 'erased-%' or identity like '%@%')
returning campaign;
