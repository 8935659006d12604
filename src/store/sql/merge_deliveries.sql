-- What still had to go to somebody a second time, because their address was written in two ways, does not go.
update delivery set state = 'suppressed'
where state in ('pending', 'deferred')
  and exists (
      select 1
      from delivery as other
      where other.campaign = delivery.campaign and other.identity = delivery.identity and other.id <> delivery.id
        and (other.state not in ('pending', 'deferred') or other.id < delivery.id)
  );
