-- Keeps campaigns from being paused or cancelled until bodies that are granted now are recorded.
select id from campaign
where state = 'running' and id in (select campaign from delivery where delivery.id = any ($1))
for share;
