-- Takes a person off all lists without a trace.
delete from membership where subscriber = ?1;
