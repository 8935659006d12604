-- Who is on a list because some file was imported, and gets its mail: not who was added, or has confirmed, since.
select subscriber.address, subscriber.hash
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and membership.status = 'active' and membership.by_file = 2
  and not exists (select 1 from suppression where suppression.hash = subscriber.hash)
order by subscriber.hash;
