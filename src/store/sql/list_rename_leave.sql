-- Whoever has left a list under its old name has left it under the new one.
update membership
set status = 'unsubscribed', by_file = 0
where list = ?2 and subscriber > ?3 and subscriber <= ?4
  and exists (
      select 1
      from kept_away
      where kept_away.subscriber = membership.subscriber and kept_away.list = ?2 and kept_away.former = ?1
  );
