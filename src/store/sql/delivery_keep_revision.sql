-- Notes which revision those were sent who were sent one.
update delivery set revision = ?2
where campaign = ?1 and revision is null and state not in ('pending', 'deferred', 'leased', 'sending');
