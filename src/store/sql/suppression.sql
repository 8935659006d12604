-- Why an address gets no mail.
select reason, since from suppression where hash = ?1;
