-- Keeps which message goes out in a campaign, where nobody has made it yet.
update campaign set text = ?2 where id = ?1 and text is null;
