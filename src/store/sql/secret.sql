-- What tokens are made from.
select value from secret;
