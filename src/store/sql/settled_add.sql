-- Puts the readers of a list aside, in the order of addresses.
insert into temp.settled (address, name, language, list)
select subscriber.address, subscriber.name, subscriber.language, ?1
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and membership.status = 'active'
  and not exists (select 1 from suppression where suppression.hash = subscriber.hash)
  and not exists (
      select 1
      from kept_away
      where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
  )
order by subscriber.address collate nocase;
