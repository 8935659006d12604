-- Lists that became one which is called otherwise by now became that.
update former_list set became = ?2 where became = ?1;
