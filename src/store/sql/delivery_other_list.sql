-- Through which of these lists a person may be written to.
select membership.list
from membership join subscriber on subscriber.id = membership.subscriber
where subscriber.hash = ?1 and membership.status = 'active' and membership.list in (select value from json_each(?2))
  and not exists (select 1 from suppression where hash = ?1)
  and not exists (
      select 1
      from kept_away
      where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
  )
order by membership.list
limit 1;
