-- How many messages of a campaign were taken after ten to readers of this domain were refused for good, since one who is unknown there
-- says nothing of the others; and whether one to these was taken.
select
  (
    select count(*) from delivery
    where campaign = ?1 and state = 'sent'
      and changed > (
        select attempt.at
        from attempt join delivery as refused on refused.id = attempt.delivery
        where refused.campaign = ?1 and attempt.state = 'failed'
          and substr(lower(refused.address), length(refused.address) - length(?2)) = '@' || ?2
        order by attempt.at limit 1 offset 9
      )
  ),
  exists (
    select 1 from delivery as taken
    where taken.campaign = ?1 and taken.state = 'sent'
      and substr(lower(taken.address), length(taken.address) - length(?2)) = '@' || ?2
  );
