-- Settles what nobody knows: all ambiguous deliveries of a campaign, or those to one address. Those that are sent again
-- begin afresh; those that arrived did so when they were handed over.
update delivery
set state = ?3, owner = null, lease_until = null, next_at = ?4,
    changed = case cast(?3 as text) when 'sent' then changed else ?4 end,
    attempts = case cast(?3 as text) when 'pending' then 0 else attempts end,
    first_tried = case cast(?3 as text) when 'pending' then null else first_tried end,
    revision = case cast(?3 as text) when 'pending' then null else revision end
where campaign = ?1 and (state = 'leased' or state = 'sending' or state = 'ambiguous') and state = 'ambiguous'
  and (cast(?2 as text) is null or identity = ?2)
returning id;
