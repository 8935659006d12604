-- Says what became of deliveries, under the newest hold on each, and keeps what was said. What is settled stays so.
with given as (
    select *
    from unnest($3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[], $8::bigint[], $9::text[], $10::text[])
        with ordinality as given (delivery, epoch, state, until, relay, code, enhanced, reply, place)
), settled as (
    update delivery
    set state = given.state, attempts = attempts + 1, first_tried = coalesce(first_tried, $2),
        next_at = coalesce(given.until, next_at), owner = case given.state when 'ambiguous' then owner end,
        lease_until = null, changed = $2
    from given
    where delivery.id = given.delivery and delivery.owner = $1 and delivery.epoch = given.epoch
      and delivery.state in ('leased', 'sending', 'ambiguous')
    returning given.*
), kept as (
    insert into attempt (delivery, at, state, relay, code, enhanced, reply)
    select delivery, $2, state, relay, code, enhanced, reply
    from settled
    order by place
)
select count(*) from settled;
