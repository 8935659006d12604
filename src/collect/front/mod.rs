//! Front matter: from the syntax that a file has to what it says.

mod enclosures;
mod exported;
mod fields;
mod head;
mod held;
mod json;
mod keys;
mod lead;
mod lines;
mod loose;
mod script;
mod split;
mod toml;
mod value;
mod yaml;

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Place, Warning};
use crate::model::{Credit, Enclosure, Language};

pub(super) use self::fields::unique;
use self::split::Syntax;
pub(super) use self::value::{Entry, Node, Value as Data, find};
use super::dates::Written;
use super::mdx;

/// A picture as front matter names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedPicture {
    /// A path or an address, as written.
    pub(super) src: String,
    /// Alternative text.
    pub(super) alt: String,
    /// Caption.
    pub(super) caption: Option<String>,
    /// Where it is named.
    pub(super) place: Place,
}

/// A sound, film or document as front matter names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedEnclosure {
    /// What it says; the address is a path or an address, as written.
    pub(super) file: Enclosure,
    /// Where it is named.
    pub(super) place: Place,
}

/// What front matter says; what it does not say is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Front {
    /// As plain text.
    pub(super) title: Option<String>,
    /// The date of publication.
    pub(super) date: Option<Written>,
    /// When it was last changed.
    pub(super) updated: Option<Written>,
    /// From when on it is not published any more.
    pub(super) expires: Option<Written>,
    /// Its name in addresses.
    pub(super) slug: Option<String>,
    /// `path`, `permalink` or `url`: where it stands in its own site.
    pub(super) path: Option<String>,
    /// Older places in its own site.
    pub(super) aliases: Vec<String>,
    /// An id to be known by, and where it is written.
    pub(super) id: Option<(String, Place)>,
    /// `guid`: the id that it had in another system's feed, letter by letter, and where it is written.
    pub(super) guid: Option<(String, Place)>,
    /// The absolute address that it had before it came here, which it keeps.
    pub(super) address: Option<String>,
    /// What keeps it back, as it is written: "`draft: true`", "`status: private`".
    pub(super) held_back: Option<String>,
    /// `public: true`: it is on the web, also where only series for members take it.
    pub(super) public: bool,
    /// Free words.
    pub(super) tags: Vec<String>,
    /// Categories, most general first.
    pub(super) categories: Vec<String>,
    /// Bylines.
    pub(super) authors: Vec<String>,
    /// The section it belongs to.
    pub(super) section: Option<String>,
    /// As plain text.
    pub(super) summary: Option<String>,
    /// The picture that leads it.
    pub(super) picture: Option<NamedPicture>,
    /// Sounds, films and documents that come with it.
    pub(super) enclosures: Vec<NamedEnclosure>,
    /// What it is written in.
    pub(super) language: Option<Language>,
    /// Where it came from.
    pub(super) credit: Option<Credit>,
    /// The mark of a translation that nobody has made yet.
    pub(super) untranslated: bool,
    /// Scalars by key, for templates in the text that name them (`page.title`).
    pub(super) scalars: Vec<(String, String)>,
    /// All that is written there, for the same.
    pub(super) data: Vec<Entry>,
}

impl Front {
    /// Whether it says what the post is known by, and where.
    pub(super) fn given_id(&self) -> Option<&(String, Place)> {
        self.id.as_ref().or(self.guid.as_ref())
    }
}

/// A file after its front matter has been read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// What it says.
    pub(super) front: Front,
    /// Where the body begins, in bytes.
    pub(super) body_start: usize,
}

/// Keys that a folder may say for all its posts, beside those that hold them back.
const INHERITED: [&str; 12] = [
    "date",
    "tags",
    "tag",
    "keywords",
    "categories",
    "category",
    "author",
    "authors",
    "section",
    "lang",
    "language",
    "locale",
];

/// Whether a key counts that other files say for a post.
pub(super) fn is_inherited(key: &str) -> bool {
    held::is_key(key) || INHERITED.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Reads an object in JSON as front matter has it, small slips in it or not. `None` when it is none.
pub(super) fn read_json(text: &str) -> Option<Vec<Entry>> {
    let text = text.trim_start_matches('\u{feff}');
    tidied(json::read(text, 1).ok().or_else(|| json::read_mended(text, 1)))
}

fn tidied(mut entries: Option<Vec<Entry>>) -> Option<Vec<Entry>> {
    value::tidy(entries.as_mut()?);
    entries
}

/// Reads data in YAML or JSON, strictly. `None` when it is neither.
pub(super) fn read_data(text: &str) -> Option<Vec<Entry>> {
    tidied(read_yaml(text.trim_start_matches('\u{feff}'), 1).ok()).or_else(|| read_json(text))
}

/// Reads the front matter of a file's `text`; `file` is its name in messages. What the `<head>` of a page of HTML says
/// counts where the front matter says nothing, and what is `given` where neither does.
pub(super) fn parse(text: &str, given: &[Entry], is_html: bool, file: &Path, warnings: &mut Vec<Warning>) -> Parsed {
    let cut = split::split(text);
    if cut.unclosed {
        warnings.push(
            Warning::new("the front matter has no closing line; everything was read as text").at(Place::at(file, 1, 1)),
        );
    }
    let entries = match cut.syntax {
        Syntax::None => Vec::new(),
        Syntax::Head => lines::read(cut.front, cut.front_line),
        Syntax::Yaml => read_yaml(cut.front, cut.front_line).unwrap_or_else(|refusal| {
            warnings.push(line_by_line("YAML", file, &refusal));
            let (entries, skipped) = lines::read_telling(cut.front, cut.front_line);
            warnings.extend(passed_over(text, &skipped, file));
            entries
        }),
        Syntax::Toml => toml::read(cut.front, cut.front_line).unwrap_or_else(|refusal| {
            warnings.push(line_by_line("TOML", file, &refusal));
            let colons: String = cut.front.lines().map(|line| line.replacen('=', ": ", 1) + "\n").collect();
            lines::read(&colons, cut.front_line)
        }),
        Syntax::Json => json::read(cut.front, cut.front_line).unwrap_or_else(|refusal| {
            if let Some(entries) = json::read_mended(cut.front, cut.front_line) {
                let message = format!("the front matter is not JSON ({}); it was read as it is meant", refusal.reason);
                warnings.push(Warning::new(message).at(Place::at(file, refusal.line, refusal.column)));
                return entries;
            }
            warnings.push(line_by_line("JSON", file, &refusal));
            lines::read(&without_quotes(cut.front), cut.front_line)
        }),
        Syntax::Script => {
            let message = "the front matter is a program, which is not run here; nothing of it was read";
            warnings.push(Warning::new(message).at(Place::at(file, cut.front_line - 1, 1)));
            Vec::new()
        }
    };
    let mut entries = entries;
    value::tidy(&mut entries);
    if cut.syntax == Syntax::Yaml {
        titles_as_written(&mut entries, cut.front, cut.front_line);
    }
    let exports = mdx::is_mdx(file, &text[cut.body_start..]);
    let exported = exports.then(|| exported::add(&mut entries, text, cut.body_start, file, warnings)).flatten();
    doubts(&entries, file, warnings);
    let head = if is_html { head::read(text, cut.body_start) } else { Vec::new() };
    let own: Vec<Entry> = head.into_iter().chain(entries).collect();
    let said: HashSet<String> = own.iter().map(|own| meaning(&own.key)).collect();
    let entries: Vec<Entry> =
        given.iter().filter(|given| !said.contains(&meaning(&given.key))).cloned().chain(own).collect();
    let mut front = fields::read(&entries, file, warnings);
    front.held_back = front.held_back.or(exported);
    Parsed { front, body_start: cut.body_start }
}

/// Keys of which any says it all.
const ALIKE: [&[&str]; 5] = [
    &["author", "authors"],
    &["category", "categories"],
    &["tag", "tags", "keywords"],
    &["lang", "language", "locale"],
    &["date", "publishDate", "pubDate", "published_at"],
];

/// A key in small letters; of several that say the same, the first.
fn meaning(key: &str) -> String {
    let is_among = |keys: &&&[&str]| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
    ALIKE.iter().find(is_among).map_or(key, |keys| keys[0]).to_ascii_lowercase()
}

/// Strictly, but for what every reader of front matter lets pass.
fn read_yaml(text: &str, first_line: usize) -> Result<Vec<Entry>, yaml::Refusal> {
    yaml::read(text, first_line).or_else(|refusal| yaml::read(&loose::tightened(text), first_line).map_err(|_| refusal))
}

/// Lines of JSON as keys and values; those of braces alone are empty.
fn without_quotes(text: &str) -> String {
    let line = |line: &str| {
        let line = line.trim().trim_matches(['{', '}', ',']).trim();
        line.strip_prefix('"').map_or_else(|| line.to_owned(), |key| key.replacen("\":", ":", 1)) + "\n"
    };
    text.lines().map(line).collect()
}

fn line_by_line(syntax: &str, file: &Path, refusal: &yaml::Refusal) -> Warning {
    Warning::new(format!("the front matter is not {syntax} ({}); it was read line by line", refusal.reason))
        .at(Place::at(file, refusal.line, refusal.column))
}

/// Says that nothing was made of these lines: one warning for all of them.
fn passed_over(text: &str, skipped: &[usize], file: &Path) -> Option<Warning> {
    let first = *skipped.first()?;
    let line = text.lines().nth(first - 1)?;
    let others = match skipped.len() - 1 {
        0 => String::new(),
        1 => " (and one more line)".to_owned(),
        more => format!(" (and {more} more lines)"),
    };
    let begins: String = line.trim().chars().take(60).collect();
    let message = format!("`{begins}` is no key with its value; it was passed over{others}");
    Some(Warning::new(message).at(Place::at(file, first, 1)).hint("a key is followed by `:` and a space"))
}

/// What YAML takes for a list, an anchor or a name of one is a title all the same: `[Draft]`, `&c`, `*Ulysses*`.
fn titles_as_written(entries: &mut [Entry], text: &str, first_line: usize) {
    let is_title = |entry: &Entry| entry.key.eq_ignore_ascii_case("title");
    let is_odd = |entry: &&mut Entry| is_title(entry) && entry.node.text().is_none();
    let mut written_lines: Option<Vec<&str>> = None;
    for entry in entries.iter_mut().filter(is_odd) {
        let all = written_lines.get_or_insert_with(|| text.lines().collect());
        let written = entry.line.checked_sub(first_line).and_then(|line| all.get(line)).copied();
        let written = written.and_then(lines::split_key);
        let written = written.map(|(_, value)| lines::unquote(value));
        let is_nothing = |text: &str| matches!(text, "" | "~" | "null" | "Null" | "NULL" | "|" | ">" | "[]" | "{}");
        if let Some(text) = written.filter(|text| !is_nothing(text)) {
            entry.node.value = Data::Text(text);
        }
    }
}

/// Keys written twice, and keys that look like a slip of the pen.
fn doubts(entries: &[Entry], file: &Path, warnings: &mut Vec<Warning>) {
    let mut known = HashSet::new();
    for entry in entries {
        let place = || Place::at(file, entry.line, entry.column);
        if !known.insert(&entry.key) {
            let message = format!("`{}` is written twice; the last one counts", entry.key);
            warnings.push(Warning::new(message).at(place()));
        }
        if let Some(meant) = keys::probably_meant(&entry.key) {
            let message = format!("unknown key `{}` in the front matter", entry.key);
            warnings.push(Warning::new(message).at(place()).hint(format!("did you mean `{meant}`?")));
        }
    }
}

#[cfg(test)]
mod tests {
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
        let (front, warnings) =
            read("---\ntitle:\t\"A\tline\"\t# first\ntags: [a,\nb\n]\ntext: |\n  [x\nslug: a\n---\n");
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
        let (yaml, no) = read(
            "---\ntitle: \"A *short* title\"\ndate: 2014-03-31\ntags: [a, b]\nauthor: The editors\nlang: fa\n---\n",
        );
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
}
