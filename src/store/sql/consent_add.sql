-- Records what somebody agreed to or took back.
insert into consent (subscriber, list, event, at, way, network, wording)
values (?1, ?2, ?3, ?4, ?5, ?6, (select id from wording where words = ?7));
