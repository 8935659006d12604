-- Version 4: what the embedded store has in its version 8: a request that came too soon after another waits for its time.

-- When it is looked at; at once where nothing stands here.
alter table notice add column due timestamptz;
