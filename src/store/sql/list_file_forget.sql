-- Has the file of a list read again, whatever was taken from it.
delete from list_file where list = ?1 or list = ?2;
