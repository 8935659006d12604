-- The deliveries of an issue, in the order of addresses; with a state, only those.
select address, revision, name, language, list, token, state, message_id
from delivery
where series = ?1 and ordinal = ?2 and (?3 is null or state = ?3)
order by address collate nocase;
