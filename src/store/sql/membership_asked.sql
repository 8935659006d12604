-- How a person wants to be greeted, and in which language, who asked at that time to be on a list.
select asked_name, asked_language from membership
where list = ?1 and subscriber = ?2 and asked = ?3 and status <> 'active';
