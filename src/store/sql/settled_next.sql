-- The next of those who were put aside.
select address, name, language, list, position from temp.settled where position > ?1 order by position limit ?2;
