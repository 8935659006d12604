-- Gives people of a list to its new name.
update membership set list = ?2 where list = ?1 and subscriber > ?3 and subscriber <= ?4;
