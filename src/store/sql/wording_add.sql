-- Keeps words that somebody was shown.
insert into wording (words) values (?1) on conflict (words) do nothing;
