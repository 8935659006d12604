//! The composer: a file per verb, the clock, the lock, the files.
