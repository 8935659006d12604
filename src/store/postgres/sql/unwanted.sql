-- Which of these deliveries, to addresses of these hashes through these lists, must not go out: the address is suppressed,
-- or has unsubscribed since the campaign began. The list may be called otherwise by now.
select delivery
from unnest($1::bigint[], $2::text[], $3::text[]) as given (delivery, hash, list)
where exists (select 1 from suppression where suppression.hash = given.hash)
   or exists (
       select 1
       from membership join subscriber on subscriber.id = membership.subscriber
       where membership.list = coalesce((select became from former_list where name = given.list), given.list)
         and subscriber.hash = given.hash
         and (membership.status = 'unsubscribed'
              or exists (
                  select 1
                  from kept_away
                  where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
              ))
   );
