-- Whether return paths were made from this before.
select 1 from return_path_key where key = ?1;
