-- To whom a delivery was refused under a hold.
select address from delivery where id = ?1 and epoch = ?2 and state = 'failed';
