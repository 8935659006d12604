-- A person by the hash of the address.
select id, address, name, language from subscriber where hash = ?1;
