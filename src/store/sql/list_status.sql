-- How many are on a list: active, unsubscribed, active but suppressed, and asked without having confirmed.
select
    coalesce(sum(membership.status = 'active' and suppression.hash is null), 0),
    coalesce(sum(membership.status = 'unsubscribed'), 0),
    coalesce(sum(membership.status = 'active' and suppression.hash is not null), 0),
    coalesce(sum(membership.status = 'pending'), 0)
from membership
join subscriber on subscriber.id = membership.subscriber
left join suppression on suppression.hash = subscriber.hash
where membership.list = ?1;
