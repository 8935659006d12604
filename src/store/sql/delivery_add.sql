-- Records a delivery that is due; the first of several lists on which a person stands counts.
insert into delivery (campaign, address, identity, name, language, list, token, message_id, state, next_at, changed)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?10)
on conflict (campaign, address) do nothing;
