-- Forgets answers that were settled before a time.
delete from notice where state in ('sent', 'dropped', 'failed') and changed < ?1;
