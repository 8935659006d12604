-- What a person agreed to and took back, in the order of time.
select list, event, at, way, network, words
from consent left join wording on wording.id = consent.wording
where subscriber = ?1
order by consent.id;
