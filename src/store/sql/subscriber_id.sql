-- The id of the person with this hash of the address.
select id from subscriber where hash = ?1;
