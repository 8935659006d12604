-- Notes what a list is called now, or that nobody has said it.
insert into former_list (name, became, noted)
values (?1, ?2, (select max(changed) from membership))
on conflict (name) do update set became = excluded.became;
