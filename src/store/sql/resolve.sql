-- Settles what nobody knows: all ambiguous deliveries of a campaign, or those to one address.
update delivery
set state = ?3, owner = null, lease_until = null, next_at = ?4, changed = ?4
where campaign = ?1 and state in ('leased', 'sending', 'ambiguous') and state = 'ambiguous'
  and (cast(?2 as text) is null or identity = ?2)
returning id;
