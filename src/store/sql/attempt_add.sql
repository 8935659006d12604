-- Keeps one try. Of whoever was erased meanwhile the words are not kept: servers name whom they speak of.
insert into attempt (delivery, at, state, relay, code, enhanced, reply)
values (?1, ?2, ?3, ?4, ?5, ?6, (
    select case when identity like 'erased-%' and identity not like '%@%' then '' else ?7 end from delivery where id = ?1
));
