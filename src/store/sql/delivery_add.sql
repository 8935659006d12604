-- Records a delivery that is due; the first of several lists on which a person stands counts.
insert into delivery (series, ordinal, address, revision, name, language, list, token, state, message_id, changed)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?10)
on conflict (series, ordinal, address) do nothing;
