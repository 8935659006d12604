-- What a list is called now.
select became from former_list where name = ?1 and became is not null;
