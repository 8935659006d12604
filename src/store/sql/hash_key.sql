-- The key of the hashes of addresses.
select value from hash_key where name = 'address';
