-- Remembers that an issue was frozen before there was this store.
insert into frozen_before (series, ordinal) values (?1, ?2) on conflict (series, ordinal) do nothing;
