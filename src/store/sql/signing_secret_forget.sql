-- Forgets which secrets signed: links that were made from them are dead.
delete from signing_secret;
