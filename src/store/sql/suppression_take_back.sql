-- Lets mail to an address go out again that was stopped for what a server answered then.
delete from suppression
where hash = ?1 and since = ?2 and (reason like 'hard bounce: %' or reason like '% soft bounces');
