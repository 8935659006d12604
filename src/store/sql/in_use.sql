-- A row where somebody is or was on a list, something was mailed, or something may not be written to.
select 1
where exists (select 1 from subscriber) or exists (select 1 from suppression) or exists (select 1 from campaign);
