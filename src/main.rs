//! The `masthead` program.

fn main() {}
