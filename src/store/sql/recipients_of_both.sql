-- Who has said a language, gets mail through a list and is on another one as well, in the order of addresses.
select subscriber.address, subscriber.name, subscriber.language
from membership join subscriber on subscriber.id = membership.subscriber
where membership.list = ?1 and membership.status = 'active' and subscriber.language is not null
  and exists (
      select 1
      from membership as other
      where other.list = ?2 and other.subscriber = membership.subscriber and other.status = 'active'
  )
  and not exists (
      select 1
      from kept_away
      where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
  )
order by subscriber.address collate nocase;
