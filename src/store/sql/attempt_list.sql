-- The tries of a delivery, in order.
select at, state, relay, code, enhanced, reply
from attempt
where delivery = ?1
order by id;
