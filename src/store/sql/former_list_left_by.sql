-- Whether somebody has left a list of which nobody has said what became of it, was not put on this one by name since, and
-- was not on this one before either.
select 1
from former_list
join membership on membership.list = former_list.name
join subscriber on subscriber.id = membership.subscriber
where former_list.became is null and subscriber.hash = ?1
  and membership.status = 'unsubscribed' and membership.by_file <> 1
  and not exists (
      select 1
      from consent
      where consent.subscriber = subscriber.id and consent.list = ?2
        and consent.event in ('added', 'confirmed') and consent.at > membership.changed
  )
  and not exists (
      select 1
      from membership as own
      where own.subscriber = subscriber.id and own.list = ?2 and own.since < former_list.noted
  );
