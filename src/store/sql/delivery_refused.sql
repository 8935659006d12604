-- To whom a delivery was refused under a hold; also where it was called back meanwhile, and nobody has held it since: what was
-- said of the address is as true.
select address, message_id
from delivery
where id = ?1 and epoch = ?2
  and (state = 'failed' or (owner is null and state in ('pending', 'deferred', 'suppressed')));
