-- Forgets some of the deliveries of a campaign that was given up.
delete from delivery
where id in (select id from delivery where campaign = ?1 limit ?2)
  and exists (select 1 from campaign where campaign.id = ?1 and gathering = -1);
