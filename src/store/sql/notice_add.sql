-- Takes a request; what comes of it is settled later, so that nobody can tell from outside.
insert into notice (kind, hash, address, name, language, lists, network, words, asked, state, changed)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'asked', ?9);
