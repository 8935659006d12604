#!/usr/bin/env bash
# One more column beside other readers of feeds: `cargo build --release --example feed` makes the program that FEED names.
#
#   IN      an RSS file
#   LOOPS   how often it is read
set -eu
"$FEED" "$IN" "${LOOPS:-5}"
