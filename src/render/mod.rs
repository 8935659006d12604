//! A frozen issue -> bytes: feeds, web pages, PDF, email. Pure.
