#!/bin/sh
# One more column beside other programs: posts to pages, tag pages and feeds, one month as a PDF, and that month's digest
# to readers over SMTP. MASTHEAD names the program. It starts few others beside it: each takes a millisecond or two.
#
#   IN          a folder with posts/
#   IMAGES      the pictures that posts name as /images/...
#   OUT         an empty folder: the site, and month.pdf
#   MONTH       like 2025-11
#   RCPT_FILE   a heading, then lines that begin with an address and a name; the first RCPT_N of them get the digest.
#               Of what else they have nothing is taken, and that is told.
#   SMTP_HOST, SMTP_PORT, SMTP_FROM
set -eu
publication="${WORK:-/tmp}/masthead.$$"
mkdir "$publication" "$publication/static"
trap 'rm -rf "$publication"' EXIT
trap 'exit 130' INT TERM
ln -s "$IMAGES" "$publication/static/images"
head -n "$((RCPT_N + 1))" "$RCPT_FILE" > "$publication/readers.csv"
cat > "$publication/config.toml" <<TOML
title = "The Harbour Letter"
base_url = "https://example.org/"
language = "en"

[[source]]
markdown = "$IN/posts"
assets = "static"

[series.letter]
title = "The Harbour Letter"
window = "monthly"
since = "$MONTH-01"
mail = "auto"
lists = ["readers"]

# Posts in other languages are issues of their own.
[series.letter-fa]
language = "fa"
window = "monthly"
since = "$MONTH-01"

[series.letter-ar]
language = "ar"
window = "monthly"
since = "$MONTH-01"

[list.readers]
csv = "readers.csv"

[mail]
from = "The Harbour Letter <$SMTP_FROM>"
postal_address = "The Harbour Letter, 1 Quay, Exampletown"
transport = "smtp://$SMTP_HOST:$SMTP_PORT"
starttls = "never"
connections = 16
TOML
# On the first day of the next month.
year=${MONTH%-*} month=${MONTH#*-}
case "$month" in
    12) next="$((year + 1))-01" ;;
    *) next="$year-$(printf %02d $((${month#0} + 1)))" ;;
esac
"$MASTHEAD" --config "$publication/config.toml" --now "${next}-01T06:00:00Z" publish --output "$OUT"
cp "$OUT"/letter/1/*.pdf "$OUT/month.pdf"
