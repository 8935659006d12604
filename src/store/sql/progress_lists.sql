-- How many go through each list, and how many of them were sent.
select list, count(*), count(*) filter (where state = 'sent') from delivery where campaign = ?1 group by list;
