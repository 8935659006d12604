#!/usr/bin/env python3
"""Counts the items of feeds with feedparser, a reader that is not ours, and writes the table that tests/suite/feeds holds
the reader against:

    python3 tests/suite/feeds/counts.py CORPORA > tests/suite/feeds/counts.tsv

CORPORA is the folder that MASTHEAD_CORPORA names. Files without an item are not listed.
"""

import io
import os
import sys

import feedparser


def count(path):
    """How many items feedparser finds in a file, read as bytes that nothing is known of."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        return len(feedparser.parse(io.BytesIO(data)).entries)
    except Exception as error:
        print(f"{path}: feedparser fails: {error!r}", file=sys.stderr)
        return 0


def main():
    root = os.path.join(sys.argv[1], "feeds")
    paths = (os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    print(f"# items that feedparser {feedparser.__version__} finds in each file of corpora/feeds that has any")
    for path in sorted(os.path.relpath(path, root) for path in paths):
        items = count(os.path.join(root, path))
        if items:
            print(f"{items}\t{path}")


if __name__ == "__main__":
    main()
