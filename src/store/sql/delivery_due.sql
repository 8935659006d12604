-- What may be claimed of a running campaign, earliest first, without some domains.
select delivery.id, epoch, address, name, language, list, token, message_id, attempts, first_tried
from delivery
where campaign = ?1 and state in ('pending', 'deferred') and next_at <= ?2
  and (select campaign.state from campaign where campaign.id = ?1) = 'running'
  and (?3 = '[]' or lower(substr(address, instr(address, '@') + 1)) not in (select value from json_each(?3)))
order by next_at, delivery.id
limit ?4;
