-- How many of the next people of an import are known under another name or language than it gives, and have not chosen theirs
-- themselves.
select count(*)
from import_row join subscriber on subscriber.hash = import_row.hash
where import_row.import = ?1 and import_row.hash <= ?2
  and ((subscriber.own not in (1, 3) and subscriber.name is not null and import_row.name <> subscriber.name)
    or (subscriber.own not in (1, 2) and subscriber.language is not null and import_row.language <> subscriber.language));
