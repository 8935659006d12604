-- Takes back the unconfirmed requests of those who left before.
update membership set asked = null where asked < ?1;
