-- How many deliveries of a campaign are in each state, by the list that each goes through.
select list, state, count(*) from delivery where campaign = ?1 group by list, state;
