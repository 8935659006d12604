-- Campaigns of which somebody began to settle who gets them, and did not end: those of an issue that is queued now, those that
-- are given up, and those on which nobody has worked for some seconds.
select id from campaign
where gathering < unixepoch() - ?3 or (gathering is not null and series = ?1 and ordinal = ?2)
order by id;
