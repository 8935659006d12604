-- Whose an old token is.
select subscriber.address
from old_token join subscriber on subscriber.id = old_token.subscriber
where old_token.hash = ?1 and old_token.list = ?2;
