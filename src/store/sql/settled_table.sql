-- Where those who get an issue stand aside until their deliveries are recorded: in a file of SQLite's that nobody shares.
create temp table if not exists settled (
    position integer primary key,
    address  text not null,
    name     text,
    language text,
    list     text not null
) strict;
delete from temp.settled;
