-- The messages that went to a person, or were about to.
select campaign.series, campaign.ordinal, delivery.address, delivery.message_id
from delivery join campaign on campaign.id = delivery.campaign
where delivery.identity = ?1;
