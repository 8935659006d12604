-- Soft bounces of an address that count: since ?2, and since the last delivery before ?3 of which nothing came back.
select count(distinct coalesce('delivery ' || bounce_event.delivery, bounce_event.bounce))
from bounce_event
where bounce_event.identity = ?1 and bounce_event.counts = 1 and bounce_event.tried >= ?2
  and bounce_event.tried >= coalesce((
      select max(delivery.changed) from delivery
      where delivery.identity = ?1 and delivery.state = 'sent' and delivery.changed <= ?3
        and not exists (select 1 from bounce_event as other where other.delivery = delivery.id)
  ), ?2);
