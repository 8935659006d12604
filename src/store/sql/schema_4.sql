-- Version 4: what feeds say of how often they change, which an answer that nothing has changed does not repeat.

-- In seconds.
alter table source add column rhythm integer;
-- Bits 0 to 23: hours of the day in UTC; 24 to 30: days of the week from Monday on.
alter table source add column rest integer not null default 0 check (rest >= 0);
