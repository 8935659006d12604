-- How many messages of a campaign were taken after the first to a reader of this domain was refused for good, where none to one of
-- these was taken.
select count(*) from delivery
where campaign = ?1 and state = 'sent'
  and changed > (
    select min(attempt.at)
    from attempt join delivery as refused on refused.id = attempt.delivery
    where refused.campaign = ?1 and attempt.state = 'failed'
      and substr(lower(refused.address), length(refused.address) - length(?2)) = '@' || ?2
  )
  and not exists (
    select 1 from delivery as taken
    where taken.campaign = ?1 and taken.state = 'sent'
      and substr(lower(taken.address), length(taken.address) - length(?2)) = '@' || ?2
  );
