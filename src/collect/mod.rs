//! Sources -> posts.
