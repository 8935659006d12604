-- Where somebody stands on a list under both of its names, what stands under the new one counts, unless that is less: a
-- request of somebody who is on it, or that a file has them no more.
delete from membership
where list = ?1 and subscriber > ?3 and subscriber <= ?4
  and exists (
      select 1
      from membership as new
      where new.list = ?2 and new.subscriber = membership.subscriber
        and (new.status = 'active' or (new.status = 'unsubscribed' and new.by_file <> 1)
             or (new.status = 'pending' and membership.status <> 'active'))
  );
