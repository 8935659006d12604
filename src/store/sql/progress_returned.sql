-- How many of a campaign's deliveries relays took, and other servers gave back.
select count(distinct bounce_event.delivery)
from bounce_event join delivery on delivery.id = bounce_event.delivery
where delivery.campaign = ?1 and delivery.state = 'sent' and bounce_event.evidence <> 'reply'
  and bounce_event.class in ('hard', 'soft');
