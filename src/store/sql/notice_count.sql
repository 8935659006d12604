-- How many answers went to an address since a time.
select count(*) from notice where hash = ?1 and changed >= ?2 and state in ('ready', 'sent');
