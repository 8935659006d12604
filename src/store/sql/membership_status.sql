-- Where a person stands on a list.
select membership.status
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and subscriber.hash = ?2;
