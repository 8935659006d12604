-- Of two people who are one, gives the old links of the first to the second.
update old_token set subscriber = ?2 where subscriber = ?1;
