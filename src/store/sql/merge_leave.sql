-- Of two people who are one, takes the lists of the first away.
delete from membership where subscriber = ?1 and subscriber <> ?2;
