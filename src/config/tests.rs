use std::path::Path;

use super::{SourceKind, Transport, load, parse};
use crate::model::{FreezePolicy, Language, WindowRule};

const SMALL: &str = r#"
title = "The Compositor"
base_url = "https://compositor.example"
language = "en"
time_zone = "Europe/Tirane"

[[source]]
markdown = "posts"

[list.members]

[series.newsletter]
title = "Newsletter"
window = "weekly"
starts = "friday"
since = 2026-07-01
freeze = "after 3d"
lists = ["members"]

[series.almanac]
window = "yearly"
binds = "newsletter"
"#;

fn complaint(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    let text = SMALL.replacen(from, to, 1);
    parse(&text, Path::new("config.toml"), Path::new(".")).unwrap_err().to_string()
}

#[test]
fn a_small_configuration_is_read_in_the_order_of_the_file() {
    let config = parse(SMALL, Path::new("config.toml"), Path::new("/p")).unwrap();
    assert_eq!(config.publication.base_url, "https://compositor.example/");
    assert_eq!(config.series.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), ["newsletter", "almanac"]);
    assert_eq!(config.series[0].rule, WindowRule::Weekly(chrono::Weekday::Fri));
    assert_eq!(config.series[0].freeze, FreezePolicy::After(chrono::TimeDelta::days(3)));
    assert!(matches!(config.sources[0].kind, SourceKind::Markdown { .. }));
    assert_eq!((config.sources[0].name.as_str(), config.sources[0].line), ("posts", 8));
}

#[test]
fn a_list_without_a_table_is_told_with_the_nearest_and_with_its_table() {
    let told = complaint("lists = [\"members\"]", "lists = [\"member\"]");
    assert!(told.ends_with("there is no list `member`\n  did you mean `members`?"), "{told}");
    let told = complaint("lists = [\"members\"]", "lists = [\"m\"]");
    assert!(told.contains("`members`") && told.contains("`[list.m]`"), "{told}");
    let text = SMALL.replace("[list.members]\n", "");
    let told = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap_err().to_string();
    assert!(told.contains("`[list.members]`"), "{told}");
}

#[test]
fn feeds_of_groups_are_as_long_as_is_said_of_them_or_of_all() {
    for (said, expected) in [
        ("", (50, 20)),
        ("feed_size = 100", (100, 100)),
        ("feed_size = 10", (10, 10)),
        ("group_feed_size = 30", (50, 30)),
        ("feed_size = 10\ngroup_feed_size = 5", (10, 5)),
    ] {
        let config = parse(&format!("{said}\n{SMALL}"), Path::new("config.toml"), Path::new(".")).unwrap();
        assert_eq!((config.feed_size, config.group_feed_size), expected, "{said}");
    }
    assert!(complaint("title = \"The", "group_feed_size = 0\ntitle = \"The").contains("`group_feed_size` is 0"));
}

#[test]
fn complaints_say_where_what_and_what_is_allowed() {
    let all = [
        complaint("title =", "titel ="),
        complaint("https://compositor.example", "compositor.example"),
        complaint("Europe/Tirane", "Europe/Tirana"),
        complaint("language = \"en\"", "language = \"english language\""),
        complaint("window = \"weekly\"", "window = \"weakly\""),
        complaint("starts = \"friday\"", "starts = \"freitag\""),
        complaint("since = 2026-07-01", "since = \"2026-02-30\""),
        complaint("after 3d", "after three days"),
        complaint("lists = [\"members\"]", "lists = [\"member\"]"),
        complaint("binds = \"newsletter\"", "binds = \"almanac\""),
        complaint("[series.almanac]", "[series.posts]"),
        complaint("[series.almanac]", "[series.fa]"),
        complaint("[series.almanac]", "[series.\"A B\"]"),
        complaint("freeze = \"after 3d\"", "label = \"{nubmer}\""),
        complaint("freeze = \"after 3d\"", "issn = \"2049-3631\""),
        complaint("freeze = \"after 3d\"", "on_empty = \"skipp\""),
        complaint("markdown = \"posts\"", "markdown = \"posts\"\nwordpress = \"export.xml\""),
        complaint("markdown = \"posts\"", "markdown = \"posts\"\npages = true"),
        complaint("markdown = \"posts\"", "folder = \"posts\""),
        complaint("[list.members]", "[mail]\nfrom = \"nobody\"\n[list.members]"),
        complaint("[list.members]", "[mail]\ntransport = \"pigeon\"\n[list.members]"),
        complaint("[list.members]", "[store]\nurl = \"mysql://x\"\n[list.members]"),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_file_in_another_encoding_is_told_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let told = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let told = load(&file).unwrap_err().to_string();
        told.strip_prefix(&format!("{}:", file.display())).unwrap().to_owned()
    };
    let hint = "\n  a configuration is in UTF-8; save it in that encoding";
    let utf_16: Vec<u8> = format!("\u{feff}{SMALL}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(told(&utf_16), format!("1:1: this is text in UTF-16{hint}"));
    assert_eq!(told(b"title = \"T\"\n# Caf\xe9\n"), format!("2:6: this is not text in UTF-8{hint}"));
    // What no editor shows does no harm.
    std::fs::create_dir(folder.path().join("posts")).unwrap();
    std::fs::write(&file, format!("\u{feff}{SMALL}")).unwrap();
    load(&file).unwrap();
}

#[test]
fn a_series_stands_in_one_to_three_columns() {
    let columns = |line: &str| {
        let text = SMALL.replace("freeze = \"after 3d\"", line);
        parse(&text, Path::new("config.toml"), Path::new(".")).map(|config| config.series[0].columns)
    };
    assert_eq!(columns("mail = \"never\"").unwrap(), 1);
    assert_eq!(columns("columns = 3").unwrap(), 3);
    let refused = columns("columns = 4").unwrap_err().to_string();
    assert!(refused.contains(":17:11") && refused.contains("4 columns") && refused.contains("1, 2, 3"), "{refused}");
    let refused = complaint("freeze = \"after 3d\"", "contents = \"excerpt\"");
    assert!(refused.contains("excerpts"), "{refused}");
}

#[test]
fn an_address_to_which_no_link_can_be_added_is_refused_with_its_place() {
    let with = |url: &str| format!("{SMALL}\n[mail]\nsubscriptions_url = \"{url}\"\n");
    let read = |url: &str| parse(&with(url), Path::new("config.toml"), Path::new("."));
    for path in ["", "letters/", "a/b-c_d.e~f", "%D9%86%D8%A7%D9%85%D9%87/", "\u{646}\u{627}\u{645}\u{647}/"] {
        assert!(read(&format!("https://x.example/{path}")).is_ok(), "{path}");
    }
    for path in ["*letters/", ":letters/", "{x}/", "letters/?x=1", "letters/#top", "a%2Fb/", "a b/", "a//b/", "a;b/"] {
        let error = read(&format!("https://x.example/{path}")).unwrap_err();
        assert!(error.message().starts_with("`subscriptions_url` "), "{path}: {error}");
        let line = with("").lines().position(|line| line.starts_with("subscriptions_url")).unwrap() + 1;
        assert_eq!(error.place().unwrap().to_string(), format!("config.toml:{line}:21"));
    }
}

#[test]
fn rates_are_of_domains_as_addresses_have_them() {
    let read = |domain: &str| {
        let text = format!("{SMALL}\n[mail.domain_rate]\n\"{domain}\" = \"1/m\"\n");
        parse(&text, Path::new("config.toml"), Path::new(".")).map(|config| config.mail.domain_rates)
    };
    for (written, kept) in
        [("b\u{fc}cher.example", "xn--bcher-kva.example"), ("X.example", "x.example"), ("default", "default")]
    {
        assert_eq!(read(written).unwrap().keys().collect::<Vec<_>>(), [kept]);
    }
    for no in ["@x.example", "a b", "192.0.2.1"] {
        let error = read(no).unwrap_err().to_string();
        assert!(error.contains(&format!("`{no}` is no domain")) && error.contains("config.toml:"), "{error}");
    }
}

#[test]
fn a_volume_is_for_whom_its_issues_are_unless_it_says_otherwise() {
    let volumes = "[series.decade]\nwindow = \"manual\"\nbinds = \"almanac\"\n";
    let public = |newsletter: &str, almanac: &str| {
        let text = SMALL.replace("starts =", &format!("{newsletter}\nstarts =")) + almanac + "\n" + volumes;
        let config = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap();
        config.series.iter().map(|series| series.public).collect::<Vec<_>>()
    };
    assert_eq!(public("", ""), [true, true, true]);
    assert_eq!(public("public = false", ""), [false, false, false]);
    assert_eq!(public("public = false", "public = true"), [false, true, true]);
    assert_eq!(public("", "public = false"), [true, false, false]);
}

#[test]
fn a_region_of_a_known_language_is_published_in_it() {
    let text = SMALL.replace("starts =", "language = \"pt-BR\"\nstarts =");
    let config = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap();
    for (said, expected) in
        [("en-US", "en"), ("en", "en"), ("pt-BR", "pt-BR"), ("pt-BR-x-a", "pt-BR"), ("pt", "pt"), ("enm", "enm")]
    {
        assert_eq!(config.published_language(Language::parse(said).unwrap()).as_str(), expected, "{said}");
    }
}

#[test]
fn subscriptions_stand_where_nothing_else_does() {
    let with = |url: &str| {
        let text = format!("{SMALL}\n[mail]\nsubscriptions_url = \"{url}\"\n");
        parse(&text, Path::new("config.toml"), Path::new("."))
    };
    let series = with("https://x.example/").unwrap().series[0].key.clone();
    for path in ["health", "health/", "metrics", "posts/", "assets", "en/", &series] {
        let error = with(&format!("https://x.example/{path}")).unwrap_err().to_string();
        assert!(error.contains("cannot stand at") && error.contains("config.toml:"), "{path}: {error}");
    }
    for path in ["health/letters/", "letters/", &format!("{series}/letters/")] {
        assert!(with(&format!("https://x.example/{path}")).is_ok(), "{path}");
    }
}

#[test]
fn a_list_has_a_name_of_one_word_and_a_title_of_one_line() {
    let with = |list: &str| parse(&format!("{SMALL}\n{list}\n"), Path::new("config.toml"), Path::new("."));
    for list in [
        "[list.\"our readers\"]",
        "[list.\"\"]",
        "[list.\"a\\nb\"]",
        "[list.\"a/b\"]",
        "[list.a]\ntitle = \"One\\nTwo\"",
        "[list.a]\ndescription = \"One\\r\\nTwo\"",
    ] {
        let error = with(list).unwrap_err();
        assert!(error.place().is_some() && error.message().contains("list"), "{list}: {error}");
    }
    for list in ["[list.our-readers]", "[list.\"خوانندگان\"]", "[list.\"a.b_c\"]"] {
        assert!(with(list).is_ok(), "{list}");
    }
}

#[test]
fn a_list_is_called_in_each_language_as_its_edition_says() {
    let read = |tables: &str| {
        let text = format!("{SMALL}\n[list.folk]\ntitle = \"Folk\"\ndescription = \"For all.\"\n{tables}");
        parse(&text, Path::new("config.toml"), Path::new("."))
    };
    let language = |tag: &str| Language::parse(tag).unwrap();
    let config =
        read("[edition.fa.list.folk]\ntitle = \"مردم\"\n[edition.en-IE.list.folk]\ntitle = \"Folks\"").unwrap();
    let folk = config.list("folk").unwrap();
    for (tag, title) in [("fa", "مردم"), ("fa-AF", "مردم"), ("en", "Folk"), ("en-IE", "Folks"), ("sq", "Folk")]
    {
        assert_eq!(folk.title_in(&language(tag)), title, "{tag}");
        assert_eq!(folk.description_in(&language(tag)), Some("For all."), "{tag}");
    }
    assert!(config.languages().contains(&language("fa")));
    assert_eq!(config.list("members").unwrap().title_in(&language("fa")), config.list("members").unwrap().title);
    for (tables, said) in [
        ("[edition.fa.list.flok]", "there is no list `flok`"),
        ("[edition.fa.list.folk]\nname = \"x\"", "unknown key `name`"),
        ("[edition.fa.list.folk]\ntitle = \"a\\nb\"", "the title of the list `folk` has a line break"),
    ] {
        let error = read(tables).unwrap_err();
        assert!(error.place().is_some() && error.message().contains(said), "{error}");
    }
    assert_eq!(read("[edition.fa.list.flok]").unwrap_err().hints(), ["did you mean `folk`?"]);
}

#[test]
fn what_would_let_nobody_subscribe_is_refused() {
    for line in ["forms_per_hour = 0", "confirm_within = \"0s\""] {
        let text = format!("{SMALL}\n[serve]\n{line}\n");
        let error = parse(&text, Path::new("config.toml"), Path::new(".")).unwrap_err().to_string();
        assert!(error.contains("nobody could subscribe"), "{error}");
    }
}

#[test]
fn what_a_list_was_called_is_the_name_of_no_other() {
    let lists = |tables: &str| parse(&format!("{SMALL}{tables}"), Path::new("config.toml"), Path::new("."));
    let known = lists("[list.folk]\nwas = [\"readers\", \"people\"]\n").unwrap();
    assert_eq!(known.list("readers"), None);
    assert_eq!(known.list_called("people").map(|list| list.key.as_str()), Some("folk"));
    for tables in [
        "[list.folk]\nwas = [\"readers\"]\n[list.readers]\n",
        "[list.folk]\nwas = [\"readers\"]\n[list.people]\nwas = [\"readers\"]\n",
        "[list.folk]\nwas = [\"folk\"]\n",
    ] {
        let refused = lists(tables).unwrap_err();
        assert!(refused.message().contains("was not the name of the list"), "{tables}: {refused:?}");
    }
}

#[test]
fn the_name_of_a_list_fits_into_a_header() {
    let named = |name: &str| parse(&format!("{SMALL}[list.\"{name}\"]\n"), Path::new("config.toml"), Path::new("."));
    assert!(named(&"ا".repeat(50)).is_ok() && named(&"a".repeat(100)).is_ok());
    for name in ["ا".repeat(51), "a".repeat(101)] {
        let refused = named(&name).unwrap_err();
        assert!(refused.message().contains("bytes, and 100 are allowed"), "{refused:?}");
    }
}

fn with_mail(mail: &str) -> crate::error::Result<super::Config> {
    parse(&format!("{SMALL}\n[mail]\n{mail}\n"), Path::new("config.toml"), Path::new("."))
}

#[test]
fn a_relay_is_looked_up_by_the_name_that_name_servers_know() {
    let host = |transport: &str| match with_mail(&format!("transport = \"{transport}\"")).unwrap().mail.transport {
        Transport::Smtp(relays) => format!("{}:{}", relays[0].host, relays[0].port),
        Transport::File => "file".to_owned(),
    };
    assert_eq!(host("smtp://b\u{fc}cher.example:25"), "xn--bcher-kva.example:25");
    assert_eq!(host("SMTP://Relay.Example"), "relay.example:587");
    assert_eq!(host("Smtps://[2001:db8::1]"), "[2001:db8::1]:465");
    assert_eq!(host("smtp://127.0.0.1:2525"), "127.0.0.1:2525");
    assert_eq!(host("smtp://my_relay"), "my_relay:587");
    assert!(with_mail("transport = \"smtp://a%00b\"").is_err());
}

#[test]
fn a_name_that_lacks_its_quotes_is_shown_with_them() {
    let wrong = with_mail("from = \"The Board, Assoc <x@y.example>\"").unwrap_err().to_string();
    assert!(wrong.contains("stands in quotes: `'\"The Board, Assoc\" <x@y.example>'`"), "{wrong}");
    assert!(with_mail("from = '\"The Board, Assoc\" <x@y.example>'").is_ok());
    let other = with_mail("from = \"nobody\"").unwrap_err().to_string();
    assert!(other.contains("a mailbox is like"), "{other}");
}

#[test]
fn names_of_two_letters_are_free_unless_they_are_languages() {
    for free in ["s2", "q1", "xx"] {
        let text = SMALL.replace("[series.almanac]", &format!("[series.{free}]"));
        assert!(parse(&text, Path::new("config.toml"), Path::new(".")).is_ok(), "{free}");
    }
    for taken in ["fr", "en", "sq"] {
        let told = complaint("[series.almanac]", &format!("[series.{taken}]"));
        assert!(told.contains("it is the name of a language"), "{told}");
    }
}
