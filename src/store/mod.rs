//! What outlives a run: SQLite; SQL in named files.
