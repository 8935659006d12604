-- How many are on a list: active, unsubscribed, and active but suppressed.
select
    coalesce(sum(membership.status = 'active' and suppression.address is null), 0),
    coalesce(sum(membership.status = 'unsubscribed'), 0),
    coalesce(sum(membership.status = 'active' and suppression.address is not null), 0)
from membership
join subscriber on subscriber.id = membership.subscriber
left join suppression on suppression.address = subscriber.address
where membership.list = ?1;
