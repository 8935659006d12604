#!/usr/bin/env bash
# One more column beside other programs: posts to pages, tag pages and feeds, one month as a PDF, and that month's digest
# to readers over SMTP. MASTHEAD names the program.
#
#   IN          a folder with posts/
#   IMAGES      the pictures that posts name as /images/...
#   OUT         an empty folder: the site, and month.pdf
#   MONTH       like 2025-11
#   RCPT_FILE   a heading, then lines that begin with an address; the first RCPT_N of them get the digest
#   SMTP_HOST, SMTP_PORT, SMTP_FROM
set -eu
publication=$(mktemp -d -p "${WORK:-/tmp}")
trap 'rm -rf "$publication"' EXIT
mkdir "$publication/static"
ln -s "$IN/posts" "$publication/posts"
ln -s "$IMAGES" "$publication/static/images"
ln -s "$OUT" "$publication/public"
head -n $((RCPT_N + 1)) "$RCPT_FILE" | cut -d, -f1,2 > "$publication/readers.csv"
cat > "$publication/config.toml" <<TOML
title = "The Harbour Letter"
base_url = "https://example.org/"
language = "en"

[[source]]
markdown = "posts"
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
"$MASTHEAD" --config "$publication/config.toml" --now "$(date -u -d "$MONTH-01 + 1 month" +%Y-%m-%dT06:00:00Z)" publish
cp "$OUT"/letter/1/*.pdf "$OUT/month.pdf"
