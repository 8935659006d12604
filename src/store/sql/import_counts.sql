-- How many were taken and how many were not.
select added, kept_out from import where id = ?1;
