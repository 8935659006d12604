-- How many are on a list: active, unsubscribed, and active but suppressed.
select
    count(*) filter (where membership.status = 'active' and suppression.address is null),
    count(*) filter (where membership.status = 'unsubscribed'),
    count(*) filter (where membership.status = 'active' and suppression.address is not null)
from membership
join subscriber on subscriber.id = membership.subscriber
left join suppression on suppression.address = subscriber.address
where membership.list = $1;
