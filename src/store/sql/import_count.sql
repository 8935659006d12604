-- Notes how many were taken and how many were not.
update import set added = added + ?2, kept_out = kept_out + ?3 where id = ?1;
