-- Notes what a list is called now, or that nobody has said it.
insert into former_list (name, became) values (?1, ?2) on conflict (name) do update set became = excluded.became;
