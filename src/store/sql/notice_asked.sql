-- Requests of which nothing was made yet, the oldest first.
select id, kind, address, name, language, lists, network, words, asked from notice
where state = 'asked' order by id limit ?1;
