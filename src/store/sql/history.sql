-- The deliveries that a question names, newest campaign first.
select delivery.id, series, ordinal, coalesce(delivery.revision, campaign.revision), address, list, message_id, delivery.state, delivery.changed,
    case when delivery.state in ('pending', 'deferred') then next_at end, delivery.epoch
from delivery join campaign on campaign.id = delivery.campaign
where (?1 is null or campaign = ?1) and (?2 is null or identity = ?2) and (?3 is null or delivery.state = ?3)
  and (?4 is null or delivery.id = ?4) and gathering is null
order by campaign desc, address
limit ?5;
