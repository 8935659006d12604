-- Records what became of deliveries, and of which ones a body is about to go out, under the newest hold on each. What is
-- settled stays so; what was released goes back as it was. To whoever was erased meanwhile nothing goes that did not go, and
-- the words of servers, who name whom they speak of, are not kept. A body is granted for a running campaign alone, which cannot
-- be paused or cancelled before that is recorded, and under a hold that is not over, even if nobody has noticed that yet.
with given as (
    select *
    from unnest($3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[], $8::bigint[], $9::text[], $10::text[])
        with ordinality as given (delivery, epoch, state, until, relay, code, enhanced, reply, place)
), settled as (
    update delivery
    set state = case
            when given.state in ('deferred', 'failed') and identity like 'erased-%' and identity not like '%@%' then 'suppressed'
            else given.state
        end,
        attempts = attempts + 1, first_tried = coalesce(first_tried, $2),
        next_at = coalesce(given.until, next_at), owner = case given.state when 'ambiguous' then owner end,
        lease_until = null, changed = $2
    from given
    where delivery.id = given.delivery and delivery.owner = $1 and delivery.epoch = given.epoch
      and given.state <> 'pending' and delivery.state in ('leased', 'sending', 'ambiguous')
    returning given.*, identity like 'erased-%' and identity not like '%@%' as is_erased
), kept as (
    insert into attempt (delivery, at, state, relay, code, enhanced, reply)
    select delivery, $2, state, relay, code, enhanced, case when is_erased then '' else reply end
    from settled
    order by place
), released as (
    update delivery
    set state = case
            when identity like 'erased-%' and identity not like '%@%' then 'suppressed'
            when attempts = 0 then 'pending'
            else 'deferred'
        end,
        owner = null, lease_until = null
    from given
    where delivery.id = given.delivery and delivery.owner = $1 and delivery.epoch = given.epoch
      and given.state = 'pending' and delivery.state in ('leased', 'sending')
    returning delivery.id
), asked as (
    select *
    from unnest($11::bigint[], $12::bigint[]) as asked (delivery, epoch)
), running as materialized (
    select id from campaign
    where state = 'running'
      and id in (select campaign from delivery join asked on asked.delivery = delivery.id)
    for share
), granted as (
    update delivery
    set state = 'sending', changed = $2
    from asked
    where delivery.id = asked.delivery and delivery.owner = $1 and delivery.epoch = asked.epoch
      and delivery.state = 'leased' and delivery.lease_until > clock_timestamp()
      and delivery.campaign in (select id from running)
    returning delivery.id
)
select (select count(*) from settled) + (select count(*) from released), array(select id from granted);
