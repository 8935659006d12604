-- Forgets to whom a message went: only that one went. One that waits does not go out any more.
update delivery
set address = 'erased-' || ?2, identity = 'erased-' || ?2, name = null, language = null, token = '', message_id = 'erased-' || id,
    state = case when state in ('pending', 'leased', 'deferred') then 'suppressed' else state end,
    owner = case when state in ('pending', 'leased', 'deferred') then null else owner end,
    lease_until = case when state in ('pending', 'leased', 'deferred') then null else lease_until end
where identity = ?1;
