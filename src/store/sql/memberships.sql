-- The lists of a person.
select list, status, since, asked from membership where subscriber = ?1 order by list;
