-- Has deliveries tried again that were refused for good: all of a campaign, or those to one address.
update delivery
set state = ?3, next_at = ?4, changed = ?4, attempts = 0, first_tried = null, revision = null
where campaign = ?1 and state = 'failed' and (identity not like 'erased-%' or identity like '%@%')
  and (cast(?2 as text) is null or identity = ?2)
returning id;
