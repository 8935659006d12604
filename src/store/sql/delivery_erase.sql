-- Forgets to whom a message went: only that one went.
update delivery
set address = 'erased-' || ?2, name = null, language = null, token = '', message_id = 'erased-' || series || '-' || ordinal || '-' || ?2
where address = ?1;
