-- Which message goes out in a campaign.
select text from campaign where id = ?1;
