-- Who is on a list because of its file alone.
select subscriber.address, subscriber.hash
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and membership.status = 'active' and membership.by_file = 1
order by subscriber.hash;
