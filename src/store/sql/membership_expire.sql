-- Forgets requests that nobody confirmed: those of people who have never been on the list. Returns whose they were.
delete from membership where status = 'pending' and asked < ?1 returning subscriber;
