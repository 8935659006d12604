//! Tests of written files.
