-- What came back of a delivery that a relay had taken.
select at, class, reason, status, diagnosis
from bounce_event
where delivery = ?1 and evidence <> 'reply'
order by id;
