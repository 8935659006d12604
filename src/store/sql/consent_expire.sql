-- Forgets what was recorded of people who are on no list.
delete from consent where subscriber not in (select subscriber from membership);
