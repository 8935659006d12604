-- How many were sent through each list.
select list, count(*) from delivery where campaign = ?1 and state = 'sent' group by list;
