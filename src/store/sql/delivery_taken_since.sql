-- How many messages of a campaign were taken after so many readers of this domain were refused for good, since one who is unknown there
-- says nothing of the others; and whether one to these was taken. What was refused for reasons of theirs has an answer that speaks
-- of the address, and counts apart. Nor does what an operator had tried again say anything. Later is what was recorded later: the
-- clocks of machines differ.
select
  (
    select count(*)
    from attempt join delivery as taken on taken.id = attempt.delivery
    where taken.campaign = ?1 and taken.state = 'sent' and attempt.state = 'sent'
      and attempt.id > (
        select min(refusal.id)
        from attempt as refusal join delivery as refused on refused.id = refusal.delivery
        where refused.campaign = ?1 and refusal.state = 'failed' and refusal.code >= 500
          and substr(lower(refused.address), length(refused.address) - length(?2)) = '@' || ?2
          and ?3 <> exists (
              select 1 from bounce_event where bounce_event.delivery = refused.id and bounce_event.evidence = 'reply'
          )
          and not exists (
              select 1 from attempt as later
              where later.delivery = refused.id and later.id > refusal.id and later.state = 'pending'
          )
        group by refused.id
        order by min(refusal.id) limit 1 offset ?4
      )
  ),
  exists (
    select 1 from delivery as taken
    where taken.campaign = ?1 and taken.state = 'sent'
      and substr(lower(taken.address), length(taken.address) - length(?2)) = '@' || ?2
  );
