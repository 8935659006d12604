-- Version 11: who is taken off a list when their row goes from the file that the list is kept as.

-- 1: a file alone put them on the list, and may take them off; who was taken off so is put on again when the file has them
-- again. 0: something else did, and 2: some file did, when that was not noted; the first that has them counts.
alter table membership add column by_file integer not null default 0 check (by_file in (0, 1, 2));
update membership
set by_file = 2
where status = 'active' and coalesce((
    select event
    from consent
    where consent.subscriber = membership.subscriber and consent.list = membership.list
    order by consent.id desc
    limit 1
), 'imported') = 'imported';

-- Whether the file says who is on the list.
alter table import add column rules integer not null default 0;
