-- Has a campaign go on with another revision, as long as no worker has messages of the one before in hand.
update campaign
set revision = ?2, text = null
where id = ?1 and state in ('paused', 'scheduled')
  and not exists (select 1 from delivery where campaign = ?1 and state in ('leased', 'sending'));
