-- Whom more than a file had put on a list under its old name, a file does not take off it under the new one.
update membership
set by_file = 0
where list = ?2 and subscriber > ?3 and subscriber <= ?4 and status = 'active'
  and exists (
      select 1
      from membership as old
      where old.list = ?1 and old.subscriber = membership.subscriber and old.status = 'active' and old.by_file <> 1
  );
