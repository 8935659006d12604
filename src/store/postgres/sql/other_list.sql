-- Through which of these lists people of these hashes may be written to, who have left the one that a delivery was to go
-- through.
select given.delivery, min(membership.list)
from unnest($1::bigint[], $2::text[]) as given (delivery, hash)
join subscriber on subscriber.hash = given.hash
join membership on membership.subscriber = subscriber.id
where membership.status = 'active' and membership.list = any ($3::text[])
  and not exists (select 1 from suppression where suppression.hash = given.hash)
  and not exists (
      select 1
      from kept_away
      where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
  )
group by given.delivery;
