-- Forgets words that nobody is known any more to have been shown.
delete from wording where not exists (select 1 from consent where consent.wording = wording.id);
