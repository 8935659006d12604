-- Version 14: lists that are called otherwise now, or that config.toml has no more; campaigns that go on with a later
-- revision.

-- Names of lists that config.toml has no more. `became` is what the list is called now; null where nobody has said what
-- became of it. `noted` is the last change of who is on which list before it was seen that the list is gone.
create table former_list (
    name   text primary key,
    became text,
    noted  text
) strict, without rowid;

-- Who is kept away from which of their lists: they have left a list of which nobody has said what became of it, and it may
-- be this one under its old name, if they came onto it afterwards. What they asked for themselves goes before. (The joins stand in the order in which they
-- are cheap: mostly there is no such list.)
create view kept_away (subscriber, list, former) as
select gone.subscriber, membership.list, gone.list
from former_list cross join membership as gone cross join membership
where former_list.became is null
  and gone.list = former_list.name and gone.status = 'unsubscribed' and gone.by_file <> 1
  and membership.subscriber = gone.subscriber and membership.list <> gone.list
  and (former_list.noted is null or membership.since >= former_list.noted)
  and not exists (
      select 1
      from consent
      where consent.subscriber = membership.subscriber and consent.list = membership.list
        and consent.event in ('added', 'confirmed') and consent.at > gone.changed
  );

-- The revision that somebody was sent, where their campaign went on with a later one.
alter table delivery add column revision integer;
