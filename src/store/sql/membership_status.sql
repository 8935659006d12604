-- Where a person stands on a list; nowhere who was taken off it by its file.
select membership.status
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and subscriber.hash = ?2
  and not (membership.status = 'unsubscribed' and membership.by_file = 1);
