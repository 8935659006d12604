-- Says what became of an answer, and forgets all but the hash and the time.
update notice
set state = ?2, changed = ?3, address = '', name = null, lists = '', network = null, words = '', message = null
where id = ?1 and state in ('asked', 'ready');
