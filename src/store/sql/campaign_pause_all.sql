-- Stops every campaign that is not over.
update campaign set state = 'paused', reason = ?1 where state in ('running', 'scheduled') or (state = 'paused' and reason like 'no relay can be used: %');
