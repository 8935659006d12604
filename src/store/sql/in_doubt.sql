-- Of how many messages of each issue nobody knows whether they arrived. (The first condition is that of the index.)
select campaign.series, campaign.ordinal, count(*)
from delivery join campaign on campaign.id = delivery.campaign
where (delivery.state = 'leased' or delivery.state = 'sending' or delivery.state = 'ambiguous')
  and delivery.state = 'ambiguous'
group by campaign.series, campaign.ordinal
order by campaign.series, campaign.ordinal;
