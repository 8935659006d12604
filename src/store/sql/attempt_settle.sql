-- Keeps what a server answered; of who was erased while the message was in hand without its words, which may name them.
insert into attempt (delivery, at, state, relay, code, enhanced, reply)
values (
    ?1, ?2, ?3, ?4, ?5, ?6,
    case
        when exists (select 1 from delivery where id = ?1 and identity like 'erased-%' and identity not like '%@%') then ''
        else ?7
    end
);
