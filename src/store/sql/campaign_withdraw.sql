-- Gives up a campaign that was cancelled before any of it was tried, or one that goes to nobody, since its lists had no readers
-- when it began: its issue may be queued anew.
update campaign
set gathering = -1
where id = ?1 and gathering is null
  and not exists (
      select 1
      from delivery
      where campaign = ?1 and (campaign.state <> 'cancelled' or attempts > 0 or delivery.state not in ('pending', 'suppressed'))
  );
