-- Lets mail to an address go out again.
delete from suppression where hash = ?1;
