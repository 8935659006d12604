-- Forgets a campaign that was given up.
delete from campaign where id = ?1 and gathering = -1;
