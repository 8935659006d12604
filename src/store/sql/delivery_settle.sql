-- Says what became of a delivery, under the newest hold on it. What is settled stays so. (Of more than two words after
-- `in`, SQLite makes a table each time.)
update delivery
set state = ?4, attempts = attempts + 1, first_tried = coalesce(first_tried, ?6), next_at = coalesce(?5, next_at),
    owner = case ?4 when 'ambiguous' then owner end, lease_until = null, changed = ?6
where id = ?1 and owner = ?2 and epoch = ?3 and (state = 'leased' or state = 'sending' or state = 'ambiguous');
