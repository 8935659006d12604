-- Gives deliveries back as they were: they were not tried.
update delivery
set state = case attempts when 0 then 'pending' else 'deferred' end, owner = null, lease_until = null
from unnest($2::bigint[], $3::bigint[]) as given (delivery, epoch)
where delivery.id = given.delivery and delivery.owner = $1 and delivery.epoch = given.epoch
  and delivery.state in ('leased', 'sending');
