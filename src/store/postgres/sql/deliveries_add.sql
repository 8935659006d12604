-- Records deliveries that are due; the first of several lists on which a person stands counts.
insert into delivery (campaign, address, identity, name, language, list, token, message_id, state, next_at, changed)
select $1, address, identity, name, language, $2, token, message_id, 'pending', $3, $4
from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    with ordinality as given (address, identity, name, language, token, message_id, place)
order by place
on conflict (campaign, identity) do nothing;
