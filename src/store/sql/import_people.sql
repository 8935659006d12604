-- Adds the people of an import, or takes over the names and languages that it gives, unless they chose those themselves.
insert into subscriber (address, name, language, hash)
select address, name, language, hash from import_row
where import = ?1 and hash <= ?2
order by hash
on conflict (hash) do update
set name = case when subscriber.own in (1, 3) then subscriber.name else coalesce(excluded.name, subscriber.name) end,
    language = case
        when subscriber.own in (1, 2) then subscriber.language
        else coalesce(excluded.language, subscriber.language)
    end;
