-- Takes back the unconfirmed requests of those who left before.
update membership set asked = null, asked_name = null, asked_language = null where asked < ?1;
