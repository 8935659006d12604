-- A message that was laid ready to be fetched was taken away again before it was.
update delivery set state = 'suppressed', changed = ?2 where id = ?1 and state = 'sent';
