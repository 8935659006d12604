-- Whether a message was read before.
select 1 from bounce where key = ?1;
