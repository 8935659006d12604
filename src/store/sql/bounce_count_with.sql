-- The same as in bounce_count.sql, as if it were kept, too, that delivery ?4 came back, which was tried at ?5.
select count(distinct counted.what)
from (
    select coalesce('delivery ' || bounce_event.delivery, bounce_event.bounce) as what, bounce_event.tried as tried
    from bounce_event
    where bounce_event.identity = ?1 and bounce_event.counts = 1
    union all
    select 'delivery ' || cast(?4 as bigint), ?5
) as counted
where counted.tried >= ?2
  and counted.tried >= coalesce((
      select max(delivery.changed) from delivery
      where delivery.identity = ?1 and delivery.state = 'sent' and delivery.changed <= ?3 and delivery.id <> ?4
        and not exists (select 1 from bounce_event as other where other.delivery = delivery.id)
  ), ?2);
