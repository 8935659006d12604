-- How many were put aside.
select count(*) from temp.settled;
