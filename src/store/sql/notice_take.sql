-- Takes messages that wait and that nobody else holds, the oldest first: nobody else hands them on until some time.
update notice set holder = ?1, held = ?3
where state = 'ready' and (holder is null or holder = ?1 or held < ?2)
  and id in (
      select id
      from notice
      where state = 'ready' and (holder is null or holder = ?1 or held < ?2)
      order by id
      limit ?4
  );
