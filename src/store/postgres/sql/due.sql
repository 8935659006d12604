-- What may be claimed of a running campaign, earliest first, without some domains; what another worker is just claiming is
-- passed over.
select delivery.id, epoch + 1, address, name, language, list, token, message_id, attempts, first_tried
from delivery join campaign on campaign.id = delivery.campaign
where campaign.id = $1 and campaign.state = 'running'
  and delivery.state in ('pending', 'deferred') and delivery.next_at <= $2
  and (cardinality($3::text[]) = 0 or lower(substring(address collate "C" from '@(.*)$')) <> all ($3::text[]))
order by delivery.next_at, delivery.id
limit $4
for update of delivery skip locked;
