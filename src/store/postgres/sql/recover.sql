-- Takes back what was not renewed in time, or all that one worker holds: what had not begun is due again, and of the rest nobody knows. What is just
-- being recorded is passed over.
with gone as (
    select id, state
    from delivery
    where state in ('leased', 'sending') and (owner = $3 or ($3::text is null and lease_until < clock_timestamp()))
    for update skip locked
), returned as (
    update delivery
    set state = case attempts when 0 then 'pending' else 'deferred' end, owner = null, lease_until = null
    from gone
    where delivery.id = gone.id and gone.state = 'leased'
    returning delivery.id
), lost as (
    update delivery
    set state = 'ambiguous', attempts = attempts + 1, first_tried = coalesce(first_tried, $1), lease_until = null,
        changed = $1
    from gone
    where delivery.id = gone.id and gone.state = 'sending'
    returning delivery.id
), kept as (
    insert into attempt (delivery, at, state, relay, reply)
    select id, $1, 'ambiguous', '', $2
    from lost
)
select (select count(*) from returned), (select count(*) from lost);
