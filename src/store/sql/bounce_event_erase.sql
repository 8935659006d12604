-- Forgets what came back of a person's mail: by their address, and by what stands in its place.
delete from bounce_event where identity = ?1 or delivery in (select id from delivery where identity = ?2);
