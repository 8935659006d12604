-- Says what became of a delivery, under the newest hold on it. What is settled stays so. What did not go to somebody who was
-- erased meanwhile is not tried again, and refused by nobody. (Of more than two words after `in`, SQLite makes a table each time.)
update delivery
set state = case
        when (?4 = 'deferred' or ?4 = 'failed') and identity like 'erased-%' and identity not like '%@%' then 'suppressed'
        else ?4
    end,
    attempts = attempts + 1, first_tried = coalesce(first_tried, ?6), next_at = coalesce(?5, next_at),
    owner = case ?4 when 'ambiguous' then owner end, lease_until = null, changed = ?6
where id = ?1 and owner = ?2 and epoch = ?3 and (state = 'leased' or state = 'sending' or state = 'ambiguous');
