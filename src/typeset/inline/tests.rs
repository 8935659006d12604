//! Tests of inline layout.
