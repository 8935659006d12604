-- Notes of a person on a list that more than a file put them there.
update membership set by_file = 0 where list = ?1 and subscriber = ?2 and status = 'active';
