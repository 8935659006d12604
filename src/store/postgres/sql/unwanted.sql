-- Which of these deliveries, to addresses of these hashes through these lists, must not go out: the address is suppressed,
-- or has unsubscribed since the campaign began.
select delivery
from unnest($1::bigint[], $2::text[], $3::text[]) as given (delivery, hash, list)
where exists (select 1 from suppression where suppression.hash = given.hash)
   or exists (
       select 1
       from membership join subscriber on subscriber.id = membership.subscriber
       where membership.list = given.list and subscriber.hash = given.hash and membership.status = 'unsubscribed'
   );
