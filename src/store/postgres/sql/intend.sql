-- Says of which messages a body is about to go out. A hold that is over grants nothing, even if nobody has noticed yet.
update delivery
set state = 'sending', changed = $2
from unnest($3::bigint[], $4::bigint[]) as given (delivery, epoch)
where delivery.id = given.delivery and delivery.owner = $1 and delivery.epoch = given.epoch
  and delivery.state = 'leased' and delivery.lease_until > clock_timestamp() and delivery.campaign = any ($5)
returning delivery.id;
