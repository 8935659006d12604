-- Forgets people who are on no list and have no old link.
delete from subscriber
where id not in (select subscriber from membership) and id not in (select subscriber from old_token);
