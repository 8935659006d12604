//! What MDX exports of itself, where other programs have front matter: `export const metadata = { title: 'Ink' }` (Next.js,
//! Docusaurus, Nextra). Nothing is run: plain values are read, and others are passed over. A post of which it cannot be known whether
//! it is a draft is held back.

use std::collections::HashSet;
use std::path::Path;

use super::script::{Known, Reader};
use super::value::{Entry, Value, find, tidy};
use super::{held, meaning};
use crate::collect::mdx;
use crate::error::{Lines, Place, Warning};

/// Names under which posts say what they are.
const NAMES: [&str; 4] = ["metadata", "meta", "frontmatter", "frontMatter"];

/// No name is longer with its type, in bytes.
const LONGEST_NAME: usize = 500;

/// What holds a post back of whose own words nobody here knows whether they do.
const UNKNOWN: &str = "what it exports of itself";

/// Adds what the program text says with which the body begins, at `from` of a file's `text`, to what front matter says, which comes
/// first. Gives what holds the post back for sure, or perhaps.
pub(super) fn add(
    entries: &mut Vec<Entry>,
    text: &str,
    from: usize,
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let said: HashSet<String> = entries.iter().map(|entry| meaning(&entry.key)).collect();
    let is_settled = ["draft", "published"].iter().any(|key| said.contains(*key));
    let mut all = said.clone();
    let (mut held_back, mut read, mut known) = (None, from, Known::default());
    let mut lines = None;
    let mut place = |at: usize| {
        let (line, column) = lines.get_or_insert_with(|| Lines::of(text)).find(text, at);
        Place::at(file, line, column)
    };
    for (begins, ends) in statements(text, from) {
        // What stands within an object is none of its own.
        if begins < read {
            continue;
        }
        let mut reader = Reader::new(&text[..ends], begins, known);
        let mut own = Vec::new();
        let is_whole = reader.object(&mut own, 0).is_some();
        // Where this one has no end, nothing behind it can be told from it.
        (read, known) = (if is_whole { reader.at } else { text.len() }, reader.known);
        tidy(&mut own);
        own.retain(|entry| !said.contains(&meaning(&entry.key)));
        let is_open = |entry: &&Entry| {
            let may_hold = held::is_key(&entry.key) && entry.node.value == Value::Null;
            may_hold && reader.is_unread(entry.line, entry.column)
        };
        let unknown = own.iter().find(is_open);
        let is_lost = !is_whole && !is_settled;
        warnings.extend(match unknown {
            _ if is_lost => {
                let message = "what the post exports of itself cannot be read from here on; the post is held back";
                Some(Warning::new(message).at(place(reader.at)))
            }
            Some(entry) => {
                let message = format!("`{}` is no plain value; the post is held back", entry.key);
                Some(Warning::new(message).at(Place::at(file, entry.line, entry.column)))
            }
            None => reader.first_unread().map(|at| {
                let message = "what the post exports of itself is no plain value here; it was passed over";
                Warning::new(message).at(place(at))
            }),
        });
        let perhaps = (is_lost || unknown.is_some()).then(|| UNKNOWN.to_owned());
        held_back = held_back.or_else(|| held::reason(|key| find(&own, key))).or(perhaps);
        own.retain(|entry| !all.contains(&meaning(&entry.key)));
        all.extend(own.iter().map(|entry| meaning(&entry.key)));
        entries.append(&mut own);
    }
    held_back
}

/// Where the values begin that are exported under one of those names, and where their program text ends. Several may stand on lines
/// that follow each other.
fn statements(text: &str, from: usize) -> Vec<(usize, usize)> {
    let body = &text[from..];
    let mut found = Vec::new();
    for module in mdx::modules(body) {
        let (mut at, end) = (from + module.start, from + module.end);
        for line in body[module].split_inclusive('\n') {
            if let Some(value) = value_in(&text[at..end]) {
                found.push((at + value, end));
            }
            at += line.len();
        }
    }
    found
}

/// Where the value begins that a statement exports, if it does so under one of those names: of an object that is handed to a
/// function, where that begins.
fn value_in(statement: &str) -> Option<usize> {
    let rest = statement.strip_prefix("export ")?.trim_start();
    let rest = ["const ", "let ", "var "].iter().find_map(|word| rest.strip_prefix(word))?;
    let (name, value) = rest.split_at(rest.bytes().take(LONGEST_NAME).position(|byte| byte == b'=')?);
    let value = value[1..].trim_start();
    let bare = name.split(':').next().unwrap_or_default().trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let called = value.trim_start_matches(is_name).trim_start();
    let handed = called.strip_prefix('(').map(str::trim_start).filter(|handed| handed.starts_with('{'));
    NAMES.contains(&bare).then(|| statement.len() - handed.unwrap_or(value).len())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Front, parse};

    fn front(file: &str, text: &str) -> (Front, Vec<String>) {
        let mut warnings = Vec::new();
        let front = parse(text, &[], false, Path::new(file), &mut warnings).front;
        (front, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_a_post_exports_is_front_matter() {
        let text = "import A from './a'\n\nexport const metadata = {\n  title: 'On Ann\\'s ink', // first\n  \"date\": \"2026-07-03\",\n  \
                    tags: ['a', `b`,],\n  draft: false,\n  more: { x: [1, null] },\n};\n\n# Heading\n\nText\n";
        let (found, warnings) = front("a.mdx", text);
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!((found.title.as_deref(), found.date.is_some()), (Some("On Ann's ink"), true));
        assert_eq!((found.tags.join("|"), found.held_back), ("a|b".to_owned(), None));
        let typed = "export const meta: Meta = { title: 'T' }\n\nText\n";
        assert_eq!(front("a.mdx", typed).0.title.as_deref(), Some("T"));
        let own = front("a.mdx", &format!("---\ntitle: Own\n---\n{typed}")).0.title;
        assert_eq!(own.as_deref(), Some("Own"));
        assert_eq!(front("a.md", "export const other = { title: 'T' }\n").0.title, None);
        for made in ["settings({ title: 'T' })", "site.page( { title: 'T' }, layout)", "({ title: 'T' })"] {
            let (found, warnings) = front("a.mdx", &format!("export const metadata = {made}\n\nText\n"));
            assert_eq!((found.title.as_deref(), found.held_back, warnings), (Some("T"), None, Vec::new()), "{made}");
        }
    }

    #[test]
    fn what_is_a_program_is_told() {
        let (found, warnings) =
            front("a.mdx", "export const meta = {\n  title: 'T',\n  date: today(),\n  slug: 'x'\n}\n\nText\n");
        assert_eq!((found.title.as_deref(), found.slug.as_deref()), (Some("T"), Some("x")));
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].starts_with("a.mdx:3:9: what the post exports of itself is no plain value here"),
            "{warnings:?}"
        );
        assert_eq!(front("a.mdx", "export const meta = { title: `${x}` }\n").0.title, None);
    }
    #[test]
    fn no_draft_is_published_for_what_stands_before_it_says_so() {
        for before in [
            "date: new Date('2026-07-01'),",
            "date: new Date(Date.UTC(2026, 6, 1)),",
            "...defaults,",
            "author: authors.ann,",
            "title: 'It\\u2019s \\x41 \\u{1F600} \\'',",
            "title: `a ${b ? `}` : c({})} d`,",
            "shorthand,",
            "'quoted-key': [a, { b: [/[/}]\\/}/g] }],",
            "[computed]: 1,",
            "get title() { return '}' },",
            "icon: <Icon name=\"x\" />,",
            "when: (a, b) => a < b,",
            "title: 'a' + 'b', // }",
            "tags: ['a'] as const, /* } */",
            "a: 1 / 2,",
        ] {
            let text = format!("export const metadata = {{\n  {before}\n  draft: true,\n}} as const\n\nText\n");
            assert_eq!(front("a.mdx", &text).0.held_back.as_deref(), Some("`draft: true`"), "{before}");
            let text = text.replace("true", "false");
            assert_eq!(front("a.mdx", &text).0.held_back, None, "{before}");
        }
    }

    #[test]
    fn every_export_is_read() {
        let text = "import x from './x'\n\nexport const metadata = { title: 'ok', draft: false }\n\
                    export const frontmatter: F = {\n  draft: true, slug: 'x' }\n\nText\n";
        let (found, warnings) = front("a.mdx", text);
        assert_eq!((found.title.as_deref(), found.slug.as_deref()), (Some("ok"), Some("x")));
        assert_eq!((found.held_back.as_deref(), warnings), (Some("`draft: true`"), Vec::new()));
        let own = front("a.mdx", &format!("---\ndraft: false\n---\n{text}")).0;
        assert_eq!(own.held_back, None, "front matter comes first");
    }

    #[test]
    fn what_cannot_be_known_is_held_back() {
        for (text, told) in [
            (
                "export const meta = {\n  title: 'T',\n  draft: process.env.NODE_ENV === 'production',\n}\n",
                "`draft` is no plain",
            ),
            ("export const meta = {\n  title: 'T',\n  x: (1],\n  draft: true\n}\n", "cannot be read from here on"),
            ("export const metadata = settings('ink')\n", "cannot be read from here on"),
            ("export const metadata = defaults\n", "cannot be read from here on"),
        ] {
            let (found, warnings) = front("a.mdx", &format!("{text}\nText\n"));
            assert_eq!(found.held_back.as_deref(), Some("what it exports of itself"), "{text}");
            assert!(warnings.len() == 1 && warnings[0].contains(told), "{warnings:?}");
        }
        let date =
            "export const meta = { published: new Date('2026-07-01'), date: new Date(\"2026-07-02\") }\n\nText\n";
        let (found, warnings) = front("a.mdx", date);
        assert_eq!((found.held_back, found.date.is_some(), warnings), (None, true, Vec::new()));
        let title = "export const meta = { title: 'It\\u2019s \\ud83d\\ude00 \\x41\\\n.' }\n\nText\n";
        assert_eq!(front("a.mdx", title).0.title.as_deref(), Some("It\u{2019}s \u{1f600} A."));
    }

    #[test]
    fn many_keys_cost_no_more_than_their_length() {
        let key = |n: usize, sign: &str, end: &str| format!("{sign}{n}: 1{end}\n");
        let keys = |sign: &str, end: &str| (0..20_000).map(|n| key(n, sign, end)).collect::<Vec<_>>().concat();
        let begun = std::time::Instant::now();
        let (found, _) =
            front("a.mdx", &format!("---\n{}---\nexport const meta = {{\n{}}}\n", keys("b", ""), keys("a", ",")));
        assert_eq!(found.data.len(), 40_000);
        for line in ["a: b /* c", "a: b // c", "a: '\\'", "a: /[("] {
            front("a.mdx", &format!("export const meta = {{{}", line.repeat(50_000)));
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
