-- Keeps one try.
insert into attempt (delivery, at, state, relay, code, enhanced, reply)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7);
