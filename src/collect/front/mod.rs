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
mod slips;
mod split;
mod toml;
mod value;
mod yaml;

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Place, Warning};
use crate::model::{Credit, Enclosure, Language};

pub(super) use self::fields::unique;
use self::slips::Slip;
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

/// What is said of fences.
const FENCES: &str =
    "front matter stands between two lines of `---`, or of `+++` in TOML, the first of which begins the file";

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
    let slipped = cut.slip.and_then(|slip| tell_slip(slip, file, warnings));
    let mut in_program = None;
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
            let (told, held) = perhaps_held(message, cut.front, file);
            warnings.push(told.at(Place::at(file, cut.front_line - 1, 1)));
            in_program = held;
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
    front.held_back = front.held_back.or(exported).or(slipped).or(in_program);
    Parsed { front, body_start: cut.body_start }
}

/// Tells of a slip in the fences of a front matter. Gives what holds the post back where it was not read.
fn tell_slip(slip: Slip<'_>, file: &Path, warnings: &mut Vec<Warning>) -> Option<String> {
    let (message, unread): (String, _) = match slip {
        Slip::Fence { found, line, opened, behind } => {
            let mut message = match opened {
                Some(fence) => format!("`{found}` does not close what `{fence}` opens; it was read as if it did"),
                None => format!("`{found}` is no fence of front matter; it was read as one"),
            };
            let held = held_behind(behind, file);
            if let Some(held) = &held {
                message = format!("{message}; the post is held back by {held} behind it");
            }
            warnings.push(Warning::new(message).at(Place::at(file, line, 1)).hint(FENCES));
            return held;
        }
        Slip::Unclosed(unread) => ("the front matter has no closing line; everything was read as text".into(), unread),
        Slip::Opened { found, unread } => {
            (format!("`{found}` is no fence of front matter; everything was read as text"), unread)
        }
        Slip::Unopened(unread) => ("the front matter has no opening line; everything was read as text".into(), unread),
        Slip::Behind(unread) => ("front matter stands first in its file; this was read as text".into(), unread),
    };
    let lines = if unread.counts { unread.text } else { "" };
    let lines = if perhaps_held("", lines, file).1.is_some() {
        lines
    } else {
        slips::draft_line(unread.behind).unwrap_or(lines)
    };
    let (told, held) = perhaps_held(&message, lines, file);
    warnings.push(told.at(Place::at(file, unread.line, 1)).hint(FENCES));
    held
}

/// What holds a post back in a line behind those that were read.
fn held_behind(behind: &str, file: &Path) -> Option<String> {
    slips::draft_line(behind).and_then(|line| perhaps_held("", line, file).1)
}

/// What is told where lines with keys are not read, and what holds the post back of which they say that it is not ready.
fn perhaps_held(message: &str, lines: &str, file: &Path) -> (Warning, Option<String>) {
    let is_json = lines.trim_start().starts_with(['{', '"']);
    let mut entries = if is_json { lines::read(&without_quotes(lines), 1) } else { lines::read(lines, 1) };
    value::tidy(&mut entries);
    let held = fields::read(&entries, file, &mut Vec::new()).held_back;
    let told =
        held.as_ref().map_or_else(|| message.to_owned(), |held| format!("{message}; the post is held back by {held}"));
    (Warning::new(told), held)
}

/// Keys of which any says it all.
const ALIKE: [&[&str]; 5] = [
    &["author", "authors"],
    &["category", "categories"],
    &["tag", "tags", "keywords"],
    &["lang", "language", "locale"],
    &["date", "publishDate", "publish_date", "pubDate", "published_at"],
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

/// Lines of JSON as keys and values; those of braces alone are empty, and those of inner objects indented.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for line in text.lines() {
        let whole = line.trim();
        depth = depth.saturating_sub(usize::from(whole.starts_with('}')));
        let indentation = if depth > 1 { "  " } else { "" };
        depth += usize::from(whole.ends_with('{'));
        let line = whole.trim_matches(['{', '}', ',']).trim();
        let line = line.strip_prefix('"').map_or_else(|| line.to_owned(), |key| key.replacen("\":", ":", 1));
        out.extend([indentation, &line, "\n"]);
    }
    out
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
mod tests;
