-- Gives a worker what is due of a running campaign, earliest first, without some domains; what another worker is just
-- claiming is passed over. Addresses that must not be written to any more are settled instead.
with due as (
    select delivery.id, exists (select 1 from suppression where suppression.address = delivery.address)
        or exists (
            select 1
            from membership join subscriber on subscriber.id = membership.subscriber
            where membership.list = delivery.list and subscriber.address = delivery.address
              and membership.status = 'unsubscribed'
        ) as unwanted
    from delivery join campaign on campaign.id = delivery.campaign
    where campaign.id = $1 and campaign.state = 'running'
      and delivery.state in ('pending', 'deferred') and delivery.next_at <= $2
      and (cardinality($3::text[]) = 0
          or lower(substring(delivery.address collate "C" from '@(.*)$')) <> all ($3::text[]))
    order by delivery.next_at, delivery.id
    limit $4
    for update of delivery skip locked
), taken as (
    update delivery
    set state = case when unwanted then 'suppressed' else 'leased' end,
        owner = case when unwanted then null else $5 end,
        epoch = epoch + case when unwanted then 0 else 1 end,
        lease_until = case when unwanted then null else clock_timestamp() + $6::bigint * interval '1 second' end,
        changed = case when unwanted then $2 else changed end
    from due
    where delivery.id = due.id
    returning delivery.id, delivery.epoch, delivery.address, delivery.name, delivery.language, delivery.list,
        delivery.token, delivery.message_id, delivery.attempts, delivery.first_tried, delivery.next_at, delivery.state
)
select id, epoch, address, name, language, list, token, message_id, attempts, first_tried
from taken
where state = 'leased'
order by next_at, id;
