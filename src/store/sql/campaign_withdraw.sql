-- Takes back a campaign that goes to nobody: its lists had no readers when it began.
delete from campaign
where id = ?1 and state <> 'cancelled' and not exists (select 1 from delivery where delivery.campaign = ?1);
