-- The log of consent speaks of a list by its new name.
update consent set list = ?2 where list = ?1 and subscriber > ?3 and subscriber <= ?4;
