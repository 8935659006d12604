-- Keeps a token that stands in a mail which was sent.
insert into old_token (hash, list, subscriber) values (?1, ?2, ?3) on conflict (hash) do nothing;
