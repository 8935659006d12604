//! The whole program, from outside: a publication in a temporary folder, a fixed clock, no network.
//!
//! `MASTHEAD_UPDATE=1` rewrites tests/golden/. `MASTHEAD_TEST_ALL=1` makes a missing tool or corpus a failure.
//! `MASTHEAD_LONG=1 cargo test --release --test suite long_` runs the long proofs.

#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "files that we made are named in lower case")]

mod golden;
mod publication;
mod run;
mod samples;
mod server;
mod service;
mod tools;

mod apart;
mod bad_input;
mod bounces;
mod cache;
mod cli;
mod collecting;
mod columns;
mod conformance;
mod corpora;
mod crash;
mod doctor;
mod documentation;
mod feeds;
mod fidelity;
mod keeping;
mod layering;
mod linked;
mod members;
mod missing;
mod nests;
mod pages;
mod photographs;
mod pictures;
mod publish;
mod readers;
mod robustness;
mod sending;
mod serving;
mod store;
mod unfound;
mod web;
mod worded;
mod wordpress;
mod written_out;
