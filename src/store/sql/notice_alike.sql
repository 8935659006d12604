-- The other requests of the same kind and person of which nothing was made yet, the oldest first.
select notice.id, notice.kind, notice.address, notice.name, notice.language, notice.lists, notice.network, notice.words,
    notice.asked
from notice join notice as one on one.kind = notice.kind and one.hash = notice.hash
where one.id = ?1 and notice.id <> ?1 and notice.state = 'asked'
order by notice.id;
