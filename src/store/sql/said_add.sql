-- Remembers that this was said.
insert into said (what) values (?1) on conflict (what) do nothing;
