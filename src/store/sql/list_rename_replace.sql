-- Where somebody still stands on a list under both of its names, the old one counts.
delete from membership
where list = ?2 and subscriber > ?3 and subscriber <= ?4
  and exists (select 1 from membership as old where old.list = ?1 and old.subscriber = membership.subscriber);
