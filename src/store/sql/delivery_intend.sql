-- Says that the body of a message is about to go out.
update delivery
set state = 'sending', changed = ?4
where id = ?1 and owner = ?2 and epoch = ?3 and state = 'leased'
  and (select campaign.state from campaign where campaign.id = delivery.campaign) = 'running';
