-- Lists that are called otherwise now, or of which nobody has said what became of them.
select name, became from former_list order by name;
