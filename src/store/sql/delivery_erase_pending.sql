-- What was queued to a person does not go out.
delete from delivery where address = ?1 and state = 'pending';
