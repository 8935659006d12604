-- How many deliveries of a campaign are in each state.
select state, count(*) from delivery where campaign = ?1 group by state;
