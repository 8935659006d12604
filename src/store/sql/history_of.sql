-- One delivery, as history.sql gives it.
select delivery.id, series, ordinal, coalesce(delivery.revision, campaign.revision), address, list, message_id, delivery.state, delivery.changed,
    case when delivery.state in ('pending', 'deferred') then next_at end, delivery.epoch
from delivery join campaign on campaign.id = delivery.campaign
where delivery.id = ?1 and gathering is null;
