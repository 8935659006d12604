-- Whether somebody asked for no more since a campaign began, or must not be written to. The list may be called otherwise by now.
select exists (select 1 from suppression where hash = ?1)
    or exists (
        select 1
        from membership join subscriber on subscriber.id = membership.subscriber
        where membership.list = coalesce((select became from former_list where name = ?2), ?2) and subscriber.hash = ?1
          and (membership.status = 'unsubscribed'
               or exists (
                   select 1
                   from kept_away
                   where kept_away.subscriber = membership.subscriber and kept_away.list = membership.list
               ))
    );
