-- The deliveries to a person.
select series, ordinal, revision, name, language, list, token, state, message_id from delivery where address = ?1;
