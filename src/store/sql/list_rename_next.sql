-- Up to whom the next thousand of a list are.
select max(subscriber)
from (select subscriber from membership where list = ?1 and subscriber > ?2 order by subscriber limit 1000) as next;
