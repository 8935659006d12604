-- Lets a request wait.
update notice set due = ?2 where id = ?1 and state = 'asked';
