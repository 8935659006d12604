-- Whether this was said.
select 1 from said where what = ?1;
