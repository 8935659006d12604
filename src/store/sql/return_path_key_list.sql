-- What return paths were ever made from.
select key from return_path_key;
