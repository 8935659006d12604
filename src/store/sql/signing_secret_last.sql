-- The secret that signed last.
select code from signing_secret order by used desc limit 1;
