-- Requests of which nothing was made yet and whose time has come, the oldest first.
select id, kind, address, name, language, lists, network, words, asked from notice
where state = 'asked' and coalesce(due, asked) <= ?2 order by id limit ?1;
