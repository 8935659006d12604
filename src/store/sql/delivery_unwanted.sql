-- Whether somebody asked for no more since a campaign began, or must not be written to.
select exists (select 1 from suppression where hash = ?1)
    or exists (
        select 1
        from membership join subscriber on subscriber.id = membership.subscriber
        where membership.list = ?2 and subscriber.hash = ?1 and membership.status = 'unsubscribed'
    );
