-- How many answers went to an address since a time, or are about to.
select count(*) from notice where hash = ?1 and changed >= ?2 and (state = 'sent' or (state = 'ready' and address <> ''));
