-- Has deliveries tried again that were refused for good: all of a campaign, or those to one address. What an operator said
-- did not arrive, which no relay stands by, is tried again by its address alone.
update delivery
set state = ?3, next_at = ?4, changed = ?4, attempts = 0, first_tried = null, revision = null
where campaign = ?1 and state = 'failed' and (identity not like 'erased-%' or identity like '%@%')
  and case
          when cast(?2 as text) is not null then identity = ?2
          else not exists (
              select 1
              from attempt
              where attempt.delivery = delivery.id and attempt.relay = '' and attempt.code is null
                and attempt.id = (select max(latest.id) from attempt as latest where latest.delivery = delivery.id)
          )
      end
returning id;
