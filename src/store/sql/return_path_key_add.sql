-- Keeps what return paths are made from.
insert into return_path_key (key) values (?1) on conflict (key) do nothing;
