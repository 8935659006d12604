//! What front matter says, whatever its syntax.

use std::path::Path;

use super::{Front, parse};

#[test]
fn json_says_what_the_others_say() {
    let json = "{\n  \"title\": \"On \\u00e9tain\",\n  \"date\": \"2026-07-03\",\n  \"draft\": false,\n  \
                \"tags\": [\"a\", \"b\"],\n  \"summery\": \"x\"\n}\nBody\n";
    for text in [json.to_owned(), format!("---json\n{}---\nBody\n", json.trim_end_matches("Body\n"))] {
        let (front, warnings) = read(&text);
        assert_eq!((front.title.as_deref(), front.tags), (Some("On \u{e9}tain"), vec!["a".into(), "b".into()]));
        assert_eq!(front.date, crate::collect::dates::parse("2026-07-03"));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("`summery`"), "{warnings:?}");
    }
    let (front, warnings) = read("{\n \"title\": \"A\",\n \"date\": \"2026-07-03\",\n}\nBody\n");
    assert_eq!((front.title.as_deref(), front.date.is_some()), (Some("A"), true));
    assert!(warnings[0].contains("not JSON (trailing comma); it was read as it is meant"), "{warnings:?}");
    let (front, _) = read("---\ntitle: [Draft] A: b\ntags: [a, b\ndate: 2026-07-03\n---\nBody\n");
    assert_eq!((front.title.as_deref(), front.tags.join("|")), (Some("[Draft] A: b"), "a|b".to_owned()));
    for text in [
        "{ \"title\": \"A\", \"tags\": [\"a\", \"b\",], }\nBody\n",
        "{\"title\": \"A\",\n\"tags\": [\"a\",\"b\"],\n}\nBody\n",
    ] {
        let (front, warnings) = read(text);
        assert_eq!((front.title.as_deref(), front.tags.join("|"), warnings.len()), (Some("A"), "a|b".into(), 1));
    }
    let (front, warnings) = read("{\n \"title\": A,\n \"slug\": \"a\"\n}\nBody\n");
    assert_eq!((front.title.as_deref(), front.slug.as_deref()), (Some("A"), Some("a")));
    assert!(warnings[0].contains("it was read line by line"), "{warnings:?}");
    let (front, _) = read("{\n \"title\": A,\n \"header\": {\n  \"hidden\": true\n },\n \"slug\": \"a\"\n}\nBody\n");
    assert_eq!((front.held_back, front.slug.as_deref()), (None, Some("a")));
    let (front, _) = read("{\n \"title\": A,\n \"params\": {\n  \"draft\": true\n }\n}\nBody\n");
    assert!(front.held_back.is_some());
    let (front, warnings) = read("---js\n{ title: \"A\" }\n---\nBody\n");
    assert_eq!((front.title, warnings.len()), (None, 1));
}

fn read(text: &str) -> (Front, Vec<String>) {
    let mut warnings = Vec::new();
    let parsed = parse(text, &[], false, Path::new("a.md"), &mut warnings);
    (parsed.front, warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn a_quoted_value_goes_on_where_the_line_begins() {
    let (front, warnings) = read(
        "---\ntitle: \"On \\\"ink\\\"\nand: paper\"\nexcerpt: 'It''s\nlong'\nauthors:\n- \"The\neditors\"\nslug: a\n---\nx\n",
    );
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(front.title.as_deref(), Some("On \"ink\" and: paper"));
    assert_eq!(front.summary.as_deref(), Some("It's long"));
    assert_eq!((front.authors, front.slug.as_deref()), (vec!["The editors".to_owned()], Some("a")));
    let (front, warnings) = read("---\ntitle:\t\"A\tline\"\t# first\ntags: [a,\nb\n]\ntext: |\n  [x\nslug: a\n---\n");
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(
        (front.title.as_deref(), front.tags.join("|"), front.slug.as_deref()),
        (Some("A line"), "a|b".into(), Some("a"))
    );
    // One that never ends takes nothing with it.
    let (front, warnings) = read("---\ntitle: \"On ink\nslug: a\n---\nx\n");
    assert_eq!((front.slug.as_deref(), warnings.len()), (Some("a"), 1));
}

#[test]
fn titles_keep_every_letter() {
    for (written, title) in [
        ("!Important", "!Important"),
        ("!Important news", "!Important news"),
        ("!!str 2001", "2001"),
        ("[Draft]", "[Draft]"),
        ("*Ulysses*", "Ulysses"),
        ("&c", "&c"),
        ("{x}", "{x}"),
        ("Vec<T> and __init__", "Vec<T> and __init__"),
        ("'A *short* title'", "A short title"),
        ("The `<b>` tag", "The <b> tag"),
        ("C# and F#", "C# and F#"),
    ] {
        let (front, warnings) = read(&format!("---\ntitle: {written}\n---\nx\n"));
        assert_eq!(front.title.as_deref(), Some(title), "{warnings:?}");
    }
    for written in ["", "~", "null", "''", "|"] {
        assert_eq!(read(&format!("---\ntitle: {written}\n---\nx\n")).0.title, None);
    }
}

#[test]
fn yaml_and_toml_say_the_same() {
    let (yaml, no) =
        read("---\ntitle: \"A *short* title\"\ndate: 2014-03-31\ntags: [a, b]\nauthor: The editors\nlang: fa\n---\n");
    assert_eq!(no, Vec::<String>::new());
    let (toml, no) = read(
        "+++\ntitle = 'A *short* title'\ndate = 2014-03-31\ntaxonomies.tags = ['a', 'b']\nauthors = ['The editors']\nextra.lang = 'fa'\n+++\n",
    );
    assert_eq!(no, Vec::<String>::new());
    let meant = |front: Front| Front { scalars: Vec::new(), data: Vec::new(), ..front };
    assert_eq!(meant(yaml.clone()), meant(toml));
    assert_eq!(yaml.title.as_deref(), Some("A short title"));
}

#[test]
fn a_tab_too_many_publishes_no_draft() {
    for (head, is_held) in [
        ("title: \"A\"\n\tdraft: true", true),
        ("title: A\n  draft: true", true),
        ("tags:\n- a\n\tdraft: true", true),
        ("params:\n\tdraft: true", true),
        ("title: a: b\ncover:\n\thidden: true", false),
        ("title: a: b\nabstract: |\n  draft: true", false),
        ("title: a: b\nheader:\n  overlay_color: red\n  hidden: true", false),
        ("title: a: b\nheader: # of the page\n  overlay_color: red\n  hidden: true", false),
        ("title: a: b\neleventyNavigation:\n  key: a\n  title: A\n  hidden: true", false),
        ("title: a: b\nresources:\n- src: a.png\n  hidden: true", false),
        ("title: a: b\nresources:\n- src: a.png\n- b.png\n  draft: true", true),
        ("title: a: b\nparams:\n  seo:\n    hidden: true", false),
        ("title: a: b\nparams:\n  author: x\n  draft: true", true),
        ("title: a: b\nparams:\n  members: true\n  author: x\n  tags:\n  - a", true),
        ("title: a: b\n\tmembers: true\n\ttags: x", true),
        ("title: a: b\nparams: {seo: {hidden: true}, author: x}", false),
        ("title: a: b\nparams: {author: \"x, y\", draft: true}", true),
        ("title: a: b\nparams: {\n  draft: true,\n}", true),
        ("title: a: b\nbuild:\n  render: always\n  list: never", true),
        ("title: a: b\n_build: { list: never }", true),
        ("title: a: b\nbuild:\n  list: always", false),
        ("title: \"A\"\n\tdraft: false", false),
    ] {
        assert_eq!(read(&format!("---\n{head}\n---\nx\n")).0.held_back.is_some(), is_held, "{head}");
    }
}

#[test]
fn what_editors_set_around_words_publishes_no_draft() {
    for (head, is_held) in [
        ("draft: true\u{200f}", true),
        ("draft: \u{201c}true\u{201d}", true),
        ("draft: true,", true),
        ("status: draft,", true),
        ("status: \u{ab}draft\u{bb}\u{60c}", true),
        ("\u{200f}draft: true", true),
        ("draft\u{200c}: true", true),
        ("\u{201c}draft\u{201d}: true", true),
        ("title: a: b\ndraft\u{200f}: true\u{200f}", true),
        ("params:\n  draft\u{200f}: true", true),
        ("draft: false,", false),
        ("published: true\u{200f}", false),
    ] {
        let (front, warnings) = read(&format!("---\n{head}\n---\nx\n"));
        assert_eq!(front.held_back.is_some(), is_held, "{head}");
        assert!(warnings.iter().all(|warning| warning.contains("read line by line")), "{warnings:?}");
    }
}

#[test]
fn what_is_neither_yes_nor_no_is_told_and_held_back() {
    for said in ["draft: maybe", "isDraft: 2", "private: for Ann", "published: not yet", "public: members"] {
        let (front, warnings) = read(&format!("---\ntitle: A\n{said}\n---\nx\n"));
        assert_eq!(front.held_back, Some(format!("`{said}`")));
        let told = format!("`{said}` is neither yes nor no; the post is held back");
        assert!(
            warnings.len() == 1 && warnings[0].starts_with("a.md:3:") && warnings[0].contains(&told),
            "{warnings:?}"
        );
    }
    for said in [
        "hidden:",
        "private: \"\"",
        "public: [everyone]",
        "public: everyone",
        "members: [Choir, Brass]",
        "members: Choir",
        "pending: a reply",
        "published: 2026-07-01",
        "published: Spring 2026",
        "unpublished: 2026-07-01",
        "status: ready",
        "draft: no",
    ] {
        let (front, warnings) = read(&format!("---\ntitle: A\n{said}\n---\nx\n"));
        assert_eq!((front.held_back, warnings), (None, Vec::new()), "{said}");
    }
}

#[test]
fn a_sign_or_a_list_that_is_no_answer_holds_a_post_back() {
    for (said, shown) in [
        ("draft: \u{2705}", "draft: \u{2705}"),
        ("private: \u{2714}\u{fe0f}", "private: \u{2714}\u{fe0f}"),
        ("draft: \u{1f6a7}", "draft: \u{1f6a7}"),
        ("draft: \"?\"", "draft: ?"),
        ("draft: \u{61f}", "draft: \u{61f}"),
        ("draft: \"\u{2026}\"", "draft: \u{2026}"),
        ("draft: [x]", "draft: [x]"),
        ("private: [Ann, Ben]", "private: [Ann, Ben]"),
        ("draft: {until: Monday}", "draft: {\u{2026}}"),
        ("public: [members]", "public: [members]"),
        ("published: \u{274c}", "published: \u{274c}"),
    ] {
        let (front, warnings) = read(&format!("---\ntitle: A\n{said}\n---\nx\n"));
        assert_eq!(front.held_back, Some(format!("`{shown}`")), "{said}");
        let told = format!("`{shown}` is neither yes nor no; the post is held back");
        assert!(warnings.len() == 1 && warnings[0].contains(&told), "{warnings:?}");
    }
    for said in [
        "draft: []",
        "draft: [no]",
        "draft: ~",
        "draft: \"-\"",
        "draft: \"\u{2014}\"",
        "private: {}",
        "published: \u{2705}",
        "published: [x]",
        "published: [2026-07-01, The Journal]",
    ] {
        let (front, warnings) = read(&format!("---\ntitle: A\n{said}\n---\nx\n"));
        assert_eq!((front.held_back, warnings), (None, Vec::new()), "{said}");
    }
}

#[test]
fn a_draft_is_one_in_other_words_and_languages() {
    let held = |said: &str| {
        let (front, warnings) = read(&format!("---\ntitle: A\nstatus: {said}\n---\nx\n"));
        (front.held_back, warnings)
    };
    for word in ["Draft!", "(draft)", "\u{1f6a7} draft", "private", "embargoed", "Auto-Draft", "work in progress"] {
        assert_eq!(held(word), (Some(format!("`status: {word}`")), Vec::new()), "{word}");
    }
    for words in [
        "draft – not ready",
        "\"draft, please check\"",
        "not ready",
        "second draft",
        "private, not public",
        "skicë e parë",
        "پیش\u{200c}نویس اول",
        "work in progress (Ann)",
        "not yet published",
        "not ready to publish",
        "draft, not yet public",
        "not final, to be released",
        "do not publish before May",
        "skicë",
        "SKICË",
        "ski\u{63}e\u{308}",
        "پیش\u{200c}نویس",
        "پيش نويس",
        "مسودة",
        "Entwurf",
        "in Arbeit",
        "papublikuar",
        "non publié",
        "\"brouillon,\"",
        "privat",
        "خصوصی",
    ] {
        let (held_back, warnings) = held(words);
        let said = format!("`status: {}`", words.trim_matches('"'));
        assert_eq!(held_back.as_ref(), Some(&said), "{words}");
        let told = format!("{said} says in other words that it is a draft; the post is held back");
        assert!(warnings.len() == 1 && warnings[0].contains(&told), "{warnings:?}");
    }
    for words in [
        "published",
        "public",
        "publish",
        "final",
        "evergreen",
        "ready",
        "no draft",
        "not a draft",
        "no longer a draft",
        "published (was a draft)",
        "[draft, public]",
        "drafty",
        "botuar",
        "منتشرشده",
        "unfinished",
        "published, not yet translated",
        "published – not final",
        "released, not done",
        "live, not yet indexed",
        "published, but do not publish elsewhere",
        "Privat-Dozent",
        "Article about the embargoed oil",
        "not in draft",
        "is no longer in draft",
    ] {
        assert_eq!(held(words), (None, Vec::new()), "{words}");
    }
}

#[test]
fn words_of_drafts_stand_among_others_under_some_keys_alone() {
    let held = |said: &str| {
        let (front, warnings) = read(&format!("---\ntitle: A\n{said}\n---\nx\n"));
        (front.held_back, warnings.len())
    };
    for said in [
        "visibility: not public",
        "post_status: draft for Ann",
        "state: Entwurf",
        "access: privat",
        "status: \"private, for Ann\"",
        "status: \"not ready, publish Monday\"",
    ] {
        let said = said.replace('"', "");
        let said = said.as_str();
        assert_eq!(held(said), (Some(format!("`{said}`")), 1), "{said}");
    }
    for said in ["state: Private", "access: draft", "visibility: unlisted"] {
        assert_eq!(held(said), (Some(format!("`{said}`")), 0), "{said}");
    }
    for said in [
        "visibility: everyone, not yet indexed",
        "visibility: open to everyone, not yet indexed",
        "state: not yet rated",
        "state: Private Limited Company",
        "state: Virginia (private)",
        "state: first draft of the wall",
        "access: not public transport",
    ] {
        assert_eq!(held(said), (None, 0), "{said}");
    }
}

#[test]
fn what_strict_yaml_refuses_is_read_line_by_line() {
    let (front, warnings) =
        read("---\ntitle: Rust: a language\nauthor: @editors\ndate:\t2014-03-31\ntags:\n- x\n---\n");
    assert_eq!(front.title.as_deref(), Some("Rust: a language"));
    assert_eq!(front.authors, ["@editors"]);
    assert_eq!(front.tags, ["x"]);
    assert!(front.date.is_some());
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("a.md:2:"), "{warnings:?}");
}

#[test]
fn a_key_that_means_something_needs_no_space_behind_its_colon() {
    for head in [
        "title: A\ndate: 2026-06-02\ndraft:true",
        "title:A\ndate:2026-06-02\ndraft:true",
        "title: A\npublished:no\ndate:\u{a0}2026-06-02",
    ] {
        let (front, warnings) = read(&format!("---\n{head}\n---\nx\n"));
        assert_eq!(
            (front.title.as_deref(), front.date.is_some(), front.held_back.is_some()),
            (Some("A"), true, true),
            "{head}"
        );
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
    let (front, warnings) = read("---\ntitle:\"A\"\ntime:12:30\nhttps://a.example/\nsub text\n---\nx\n");
    assert_eq!((front.title.as_deref(), front.data.len()), (Some("A"), 1));
    assert_eq!(
        warnings[1],
        "a.md:3:1: `time:12:30` is no key with its value; it was passed over (and 2 more lines)\n  a key is followed by `:` and a space"
    );
    assert!(read("---\ndraft:true\n\nText\n").1[0].contains("no closing line"));
}

#[test]
fn what_says_nothing_in_its_place_is_told() {
    for (yaml, told) in [
        ("date: {a: 1}", "`date` is a table"),
        ("date: [2026-07-02, 2026-07-03]", "`date` is a list"),
        ("tags: {a: 1}", "`tags` is a table"),
        ("tags: [a, [b]]", "`tags` holds"),
        ("summary: [a]", "`summary` is a list"),
    ] {
        let (_, warnings) = read(&format!("---\ntitle: A\n{yaml}\n---\n"));
        assert_eq!(warnings.len(), 1, "{yaml}: {warnings:?}");
        assert!(warnings[0].starts_with("a.md:3:") && warnings[0].contains(told), "{warnings:?}");
    }
    let (front, warnings) = read("---\ndate: [2026-07-02]\nauthors: [{name: The editors}]\ntags: []\n---\n");
    assert!(front.date.is_some() && front.authors.len() == 1 && warnings.is_empty(), "{warnings:?}");
}

#[test]
fn commas_of_other_scripts_separate() {
    let tags = |yaml: &str| read(&format!("---\n{yaml}\n---\n")).0.tags.join("|");
    assert_eq!(tags("tags: ایران، تهران بزرگ"), "ایران|تهران بزرگ");
    assert_eq!(tags("tags: [ایران، تهران, قم]"), "ایران|تهران|قم");
    assert_eq!(tags("keywords: عربي؛ لغة"), "عربي|لغة");
    assert_eq!(tags("tags: 東京、京都"), "東京|京都");
    assert_eq!(tags("tags: [\"one, two\", c]"), "one, two|c");
    let authors = |yaml: &str| read(&format!("---\n{yaml}\n---\n")).0.authors.join("|");
    assert_eq!(authors("author: آنا، بابک"), "آنا|بابک");
    assert_eq!(authors("authors: [آنا، بابک, The editors]"), "آنا|بابک|The editors");
    assert_eq!(authors("author: Doe, Jane"), "Doe, Jane");
    assert_eq!(authors("authors: Doe, Jane؛ آنا"), "Doe, Jane|آنا");
}

#[test]
fn aliases_are_what_they_name_and_cannot_run_away() {
    let (front, warnings) = read("---\na: &t [ink, type]\ntags: *t\nd: &d 2026-07-02\ndate: *d\n---\n");
    assert_eq!((front.tags.join("|"), front.date.is_some(), warnings.len()), ("ink|type".into(), true, 0));
    let mut bomb = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let line = format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(10));
        bomb += &line;
    }
    let (front, warnings) = read(&(bomb + "tags: *a11\nslug: a\n---\n"));
    assert_eq!((front.slug.as_deref(), warnings.len()), (Some("a"), 1), "{warnings:?}");
    assert!(warnings[0].contains("read line by line"), "{warnings:?}");
}

#[test]
fn tables_are_read_line_by_line_too() {
    let (front, warnings) = read(
        "---\ntitle: Ink: a story\nauthors:\n  - name: The editors\n    url: https://a.example/\n  - The setters\n\
         image:\n  src: a.png\n  alt: A press\ndescription:\n  Note: it goes on\n---\n",
    );
    assert_eq!(front.authors, ["The editors", "The setters"]);
    let picture = front.picture.unwrap();
    assert_eq!((picture.src.as_str(), picture.alt.as_str()), ("a.png", "A press"));
    assert_eq!((front.summary.as_deref(), warnings.len()), (Some("Note: it goes on"), 1));
}

#[test]
fn doubtful_keys_and_dates_have_a_place() {
    let (_, warnings) = read("---\ntitel: x\ntitle: a\ntitle: b\ndate: 2021-02-30\n---\n");
    assert_eq!(
        warnings,
        [
            "a.md:2:1: unknown key `titel` in the front matter\n  did you mean `title`?",
            "a.md:4:1: `title` is written twice; the last one counts",
            "a.md:5:7: `2021-02-30` is not a date of the calendar\n  a date is written like `2026-07-31` or `2026-07-31 18:30`",
        ]
    );
}

#[test]
fn categories_in_one_line_are_words_where_jekyll_reads_them() {
    let categories = |file: &str, text: &str| {
        let text = format!("---\n{text}\n---\n");
        parse(&text, &[], false, Path::new(file), &mut Vec::new()).front.categories.join("|")
    };
    let several = "categories: jekyll update";
    for file in ["blog/_posts/2026-07-03-a.md", "_posts/press/2026-07-03-a.md"] {
        assert_eq!(categories(file, several), "jekyll|update", "{file}");
    }
    assert_eq!(categories("posts/2026-07-03-a.md", "layout: post\ncategories: jekyll update"), "jekyll|update");
    for file in ["source/_posts/2026-07-03-a.md", "_posts/a.md", "posts/2026-07-03-a.md"] {
        assert_eq!(categories(file, several), "jekyll update", "{file}");
    }
    assert_eq!(categories("_posts/2026-07-03-a.md", "category: On type"), "On type");
    assert_eq!(categories("_posts/2026-07-03-a.md", "categories: On type, On ink"), "On type|On ink");
    assert_eq!(categories("_posts/2026-07-03-a.md", "categories: [On type]"), "On type");
}

#[test]
fn a_pelican_head_is_front_matter() {
    let (front, warnings) = read(
        "Lang: sq\nTitle: A line of type\nDate: 2013-07-05 09:51\nModified: 2013-07-06\nCategory: On type\n\
         Tags: one, two words\nAuthors: The editors; The setters\nSlug: first\nSummary: A line\n    that goes on\n\
         Status: hidden\n\nHello\n",
    );
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(front.title.as_deref(), Some("A line of type"));
    assert_eq!(front.categories, ["On type"]);
    assert_eq!(
        (front.tags.join("|"), front.authors.join("|")),
        ("one|two words".into(), "The editors|The setters".into())
    );
    assert_eq!((front.summary.as_deref(), front.slug.as_deref()), (Some("A line that goes on"), Some("first")));
    assert!(front.updated.is_some() && front.held_back.is_some() && front.language.is_some());
}

#[test]
fn no_line_within_closes_front_matter_that_is_closed() {
    let block = |last: &str, next: &str| format!("title: S\nsummary: |\n  Verse\n  {last}\n{next}\ndraft: true");
    for (fence, lines) in [
        ("---", block("***", "reading time: 5")),
        ("---", block("\u{2026}", "og:title: x")),
        ("---", block("---", "v1.0: x")),
        ("---", block("---", "# for the web")),
        ("---", format!("base: &b {{a: 1}}\n{}", block("***", "<<: *b"))),
        ("---", "title: S\n----------\ndraft: true".to_owned()),
        ("---", "title: S\n====\nprivate: true".to_owned()),
        ("---", "title: S\ntext: |\n  One\n  ---\n\n  Two\ndraft: true".to_owned()),
        ("+++", "title = 'S'\nsummary = \"\"\"\nNote: a poem\n***\nA rose\n\"\"\"\ndraft = true".to_owned()),
        ("+++", "title = 'S'\nsummary = \"\"\"\n---\nA rose\n\"\"\"\ndraft = true".to_owned()),
    ] {
        let text = format!("{fence}\n{lines}\n{fence}\nNot for the public.\n");
        let mut warnings = Vec::new();
        let parsed = parse(&text, &[], false, Path::new("a.md"), &mut warnings);
        assert_eq!((parsed.front.title.as_deref(), parsed.front.held_back.is_some()), (Some("S"), true), "{text}");
        assert_eq!(&text[parsed.body_start..], "Not for the public.\n");
        assert!(warnings.iter().all(|told| !told.to_string().contains("does not close")), "{warnings:?}");
    }
}
