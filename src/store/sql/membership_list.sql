-- Everybody who is or was on a list, in the order of addresses.
select subscriber.address, subscriber.name, subscriber.language, membership.status, membership.since, suppression.reason
from membership join subscriber on subscriber.id = membership.subscriber
left join suppression on suppression.hash = subscriber.hash
where membership.list = ?1
order by subscriber.address collate nocase;
