-- Files that are being imported go to a list under its new name.
update import set list = ?2 where list = ?1;
