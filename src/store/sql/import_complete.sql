-- From now on all rows of an import count.
update import set complete = 1 where id = ?1 and complete = 0;
