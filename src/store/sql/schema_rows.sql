-- What each store makes its own links and hashes from.
insert into secret (id, value) values (1, lower(hex(randomblob(32))));
insert into hash_key (name, value) values ('address', lower(hex(randomblob(32))));
