-- Keeps what a message says of a recipient.
insert into bounce_event
    (bounce, address, identity, delivery, class, reason, status, code, diagnosis, evidence, counts, tried, at)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
