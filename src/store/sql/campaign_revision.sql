-- Which revision goes out in a campaign.
select revision from campaign where id = ?1;
