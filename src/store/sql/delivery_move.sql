-- Has a delivery go through another list.
update delivery set list = ?2, token = ?3 where id = ?1;
