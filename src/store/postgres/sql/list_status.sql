-- How many are on a list: active, unsubscribed, active but suppressed, and asked without having confirmed.
select
    count(*) filter (where membership.status = 'active' and suppression.hash is null),
    count(*) filter (where membership.status = 'unsubscribed'),
    count(*) filter (where membership.status = 'active' and suppression.hash is not null),
    count(*) filter (where membership.status = 'pending')
from membership
join subscriber on subscriber.id = membership.subscriber
left join suppression on suppression.hash = subscriber.hash
where membership.list = $1;
