-- Gives up what was asked before a time and still waits, and forgets all but the hash and the time.
update notice
set state = 'failed', changed = ?2, address = '', name = null, lists = '', network = null, words = '', message = null
where state in ('asked', 'ready') and asked < ?1;
