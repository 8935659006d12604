-- Forgets requests that nobody confirmed: those of people who have never been on the list.
delete from membership where status = 'pending' and asked < ?1;
