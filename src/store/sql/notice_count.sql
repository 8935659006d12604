-- How many answers were made for an address since a time, those among them that went to nobody.
select count(*) from notice
where hash = ?1 and changed >= ?2 and (state in ('ready', 'sent') or (state = 'dropped' and message_id is not null));
