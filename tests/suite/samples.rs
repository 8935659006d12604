//! Publications that several tests publish.

use crate::publication::Publication;

/// Three posts of July 2026, one of them with a picture, a table and code, and one of August.
pub(crate) fn july() -> Publication {
    Publication::monthly().picture("posts/press.png", 96, 64).post("2026-07-03-a-line-of-type.md", LINE).post(
        "2026-07-20-feeds.md",
        "---\ntitle: Feeds that turn their pages\nauthors: [The editors]\ntags: [feeds]\n---\nA feed has *pages*. It \
         says so in a [link](https://example.org/rfc5005).\n",
    )
    .post(
        "2026-07-31-late-at-night.md",
        "---\ntitle: Late at night\ndate: 2026-07-31T21:59:59Z\n---\nThe last second of July in Tirana.\n",
    )
    .post(
        "2026-08-01-august.md",
        "---\ntitle: August\ndate: 2026-07-31T22:00:00Z\n---\nThe first second of August in Tirana.\n",
    )
}

/// The same with a Persian newsletter by the solar months, sections, a standing article and readers. The secret behind the
/// tokens in its mails is given, so that every copy writes the same ones.
pub(crate) fn bilingual() -> Publication {
    july()
        .environment("MASTHEAD_SECRET", "a secret of thirty-two characters")
        .reconfigure(
            "first_number = 92",
            "first_number = 92\nsections = [{ title = \"On feeds\", tags = [\"feeds\"] }]\nstanding = [\"about.md\"]\n\
             lists = [\"members\"]\nmail = \"auto\"",
        )
        .series(
            "khabarname",
            "title = \"خبرنامه\"\nlanguage = \"fa\"\ncalendar = \"persian\"\nwindow = \"monthly\"\nsince = 2026-06-22\n\
             lists = [\"members\"]\nmail = \"auto\"",
        )
        .tables("[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"")
        .tables("[mail]\nfrom = \"The Compositor <news@compositor.example>\"\npostal_address = \"1 Foundry Lane\"")
        .file("about.md", "---\ntitle: About us\n---\nWe print this newsletter once a month.\n")
        .file("readers.csv", "email,name,language\nreader@example.org,A reader,en\nxanande@example.org,خواننده,fa\n")
        .post("2026-07-10-nim-fasele.fa.md", PERSIAN)
}

const LINE: &str = "---
title: A line of type
authors: [The editors, A guest]
tags: [type, history]
categories: [Setting]
summary: How a line was cast in one piece.
image: press.png
image_alt: A press
---
A machine casts a line in one piece, and an operator justifies it with wedges between the words.

![The press as it stood](press.png \"The press as it stood\")

## How it went

| Step | Time |
|------|-----:|
| Keys | 2 s  |
| Cast | 9 s  |

```rust
fn cast(line: &str) -> Slug { Slug::from(line) }
```

1. First the matrices fall.
2. Then the wedges rise.

> Every line a slug.
";

const PERSIAN: &str = "---
title: نیم‌فاصله در چاپ
authors: [تحریریه]
tags: [حروف]
---
نیم‌فاصله حروف را از هم جدا می‌کند و واژه را یک‌پارچه نگه می‌دارد. شماره‌ی 1405 را ببینید.

می‌نویسیم و نمی‌نویسیم، خانه‌ها و کتاب‌ها: همه با نیم‌فاصله نوشته می‌شوند.
";
