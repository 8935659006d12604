//! A file, read and understood, before it has an identity among the others.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::files::{Candidate, Markup};
use super::inherited::Inherited;
use super::naming::{self, Name, Suffixes};
use super::title::title;
use super::{conflict, page, permalink};
use crate::collect::dates::{self, Written};
use crate::collect::front::{self, Front, find};
use crate::collect::{decode, mdx, plain};
use crate::error::{Lines, Place, Warning};
use crate::model::{Language, sha256_hex};

/// Jekyll's folder of texts that are not ready.
const DRAFTS: &str = "_drafts";

/// How the names of drafts begin in Medium's export.
const DRAFT: &str = "draft_";

/// What one file holds.
#[derive(Debug)]
pub(super) struct Draft {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name in messages and in the post.
    pub(super) file: PathBuf,
    /// Below its source folder, with slashes.
    pub(super) relative: String,
    pub(super) markup: Markup,
    pub(super) front: Front,
    /// What its name says.
    pub(super) name: Name,
    /// The title, from wherever it could be taken.
    pub(super) title: String,
    /// When it was published, as written.
    pub(super) written: Option<Written>,
    /// The whole text, and where the body begins in it.
    pub(super) text: String,
    pub(super) body_start: usize,
    /// The first 16 hexadecimal digits of the SHA-256 of the body; empty when that is.
    pub(super) text_hash: String,
    pub(super) warnings: Vec<Warning>,
    /// Where the lines of the text begin, from the first warning on.
    lines: OnceLock<Lines>,
}

impl Draft {
    /// The text after the front matter.
    pub(super) fn body(&self) -> &str {
        &self.text[self.body_start..]
    }

    /// The first 16 hexadecimal digits of the SHA-256 of the words of the body; none for no text. Markup counts for nothing, nor
    /// do addresses, nor whether words stand in one line.
    pub(super) fn words_hash(&self) -> Option<String> {
        if self.text_hash.is_empty() {
            return None;
        }
        let words = match self.markup {
            Markup::Markdown => words_of_markdown(self.body()),
            Markup::Html => {
                let text = plain::from_html(self.body());
                text.split_whitespace().map(without_addresses).collect::<Vec<_>>().join(" ")
            }
        };
        Some(sha256_hex(words.as_bytes())[..16].to_owned())
    }

    /// The folder of the file below the source folder.
    pub(super) fn folder(&self) -> &str {
        self.relative.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Where its title is written: in the front matter, else where the body begins.
    pub(super) fn title_place(&self) -> Place {
        let written = ["title", "linkTitle"].into_iter().find_map(|key| find(&self.front.data, key));
        let begins = || self.body().len() - self.body().trim_start().len();
        written.map_or_else(|| self.place(begins()), |node| Place::at(&self.file, node.line, node.column))
    }

    /// The place of a byte of the body.
    pub(super) fn place(&self, offset: usize) -> Place {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        let (line, column) = lines.find(&self.text, self.body_start + offset);
        Place::at(&self.file, line, column)
    }
}

/// The words of a text without the signs that Markdown sets them with, nor where links in it lead, a blank between two of them.
/// Writing it out would be exact, and take as long as all else that is done with a text before it is.
fn words_of_markdown(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut words = String::with_capacity(text.len() + 1);
    let mut at = 0;
    while at < bytes.len() {
        // Most words are nothing but letters: as many of them as stand in a line are taken together.
        let stop = at + plain(&bytes[at..]);
        let is_sign = bytes.get(stop).is_some_and(|byte| KINDS[usize::from(*byte)] == SIGN);
        if !is_sign {
            push_plain(&mut words, &text[at..stop]);
            at = stop + 1;
            continue;
        }
        let start = bytes[at..stop].iter().rposition(|byte| *byte == b' ').map_or(at, |blank| at + blank + 1);
        push_plain(&mut words, &text[at..start]);
        at = bytes[stop..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |length| stop + length);
        text[start..at].split_whitespace().for_each(|word| push_without_signs(&mut words, word));
    }
    words
}

/// What a byte is to [`words_of_markdown`]: a part of a word or the blank between two, what makes a word be looked at, or another
/// blank.
const PLAIN: u8 = 0;
const SIGN: u8 = 1;
const BLANK: u8 = 2;

/// That of each byte.
const KINDS: [u8; 256] = {
    let mut kinds = [PLAIN; 256];
    let mut byte = 0;
    while byte < 256 {
        if is_sign(byte as u8) {
            kinds[byte] = SIGN;
        } else if (byte as u8).is_ascii_whitespace() && byte as u8 != b' ' {
            kinds[byte] = BLANK;
        }
        byte += 1;
    }
    kinds
};

/// How many bytes at the beginning are plain.
fn plain(bytes: &[u8]) -> usize {
    const AT_ONCE: usize = 8;
    let kind = |byte: &u8| KINDS[usize::from(*byte)];
    let is_plain = |some: &&[u8]| some.iter().fold(PLAIN, |kinds, byte| kinds | kind(byte)) == PLAIN;
    let together = bytes.chunks_exact(AT_ONCE).take_while(is_plain).count() * AT_ONCE;
    let rest = &bytes[together..];
    together + rest.iter().position(|byte| kind(byte) != PLAIN).unwrap_or(rest.len())
}

/// Appends words that stand in a line and are nothing but letters, a blank behind each.
fn push_plain(words: &mut String, text: &str) {
    if text.contains("  ") {
        text.split(' ').filter(|word| !word.is_empty()).for_each(|word| words.extend([word, " "]));
        return;
    }
    let text = text.trim_matches(' ');
    if !text.is_empty() {
        words.extend([text, " "]);
    }
}

/// Whether a byte is a sign of Markdown or of an address, or begins a blank that is not ASCII's.
const fn is_sign(byte: u8) -> bool {
    matches!(
        byte,
        b'#' | b'>'
            | b'-'
            | b'+'
            | b'='
            | b'|'
            | b'*'
            | b'_'
            | b'`'
            | b'<'
            | b'['
            | b']'
            | b'\\'
            | b':'
            | 0xb
            | 0xc2
            | 0xe1..=0xe3
    )
}

fn push_without_signs(words: &mut String, word: &str) {
    // Of headings, lists, quotations and tables.
    if word.chars().all(|c| matches!(c, '#' | '>' | '-' | '+' | '=' | '|')) {
        return;
    }
    let before = words.len();
    let (mut rest, mut may_end) = (word, true);
    // Few words hold one: looking for it is most of the work.
    while rest.contains(']')
        && let Some((label, target)) = rest.split_once("](")
    {
        push_words(words, label);
        let after = if may_end { target.split_once(')').map(|(_, after)| after) } else { None };
        may_end = after.is_some();
        rest = after.unwrap_or(target);
    }
    push_words(words, rest);
    if words.len() > before {
        words.push(' ');
    }
}

fn push_words(words: &mut String, text: &str) {
    let is_sign = |c: char| matches!(c, '*' | '_' | '`' | '<' | '>' | '|' | '[' | ']' | '\\');
    words.extend(without_addresses(text).split(is_sign));
}

/// A word without the addresses in it: in scripts that set no blanks a whole sentence may stand around one.
fn without_addresses(word: &str) -> Cow<'_, str> {
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_part = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '|');
    if !word.contains(':') {
        return Cow::Borrowed(word);
    }
    let mut rest = word;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before.trim_end_matches(is_scheme));
        rest = after.trim_start_matches(is_part);
    }
    if rest.len() == word.len() {
        return Cow::Borrowed(word);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Why a file became no draft.
pub(super) enum Refused {
    /// It is left out, for this reason.
    LeftOut(String),
    /// It is there and cannot be read. What it would say nobody knows.
    Unread(std::io::Error),
}

/// Reads a file; what is `inherited` counts where it says nothing itself.
pub(super) fn read(
    candidate: Candidate,
    file: PathBuf,
    inherited: &Inherited,
    suffixes: &Suffixes,
) -> Result<Draft, Refused> {
    let bytes = std::fs::read(&candidate.path).map_err(|cause| match cause.kind() {
        // It was taken away meanwhile.
        std::io::ErrorKind::NotFound => Refused::LeftOut(format!("it cannot be read: {}", cause.kind())),
        _ => Refused::Unread(cause),
    })?;
    understand(candidate, file, &bytes, inherited, suffixes).map_err(Refused::LeftOut)
}

/// Understands the bytes of a file.
fn understand(
    candidate: Candidate,
    file: PathBuf,
    bytes: &[u8],
    inherited: &Inherited,
    suffixes: &Suffixes,
) -> Result<Draft, String> {
    let mut warnings = Vec::new();
    let text = decoded(bytes, &file, &mut warnings);
    let name = naming::read(&candidate.relative, |language| suffixes.count(language));
    let given = inherited.of(&candidate.relative, name.language.as_ref());
    let parsed = front::parse(&text, &given.entries, candidate.markup == Markup::Html, &file, &mut warnings);
    let (mut front, body_start) = (parsed.front, parsed.body_start);
    // A post that says its language itself means it in its name, too.
    let says = |language: &Language| front.language.as_ref().is_some_and(|own| own.primary() == language.primary());
    let name = naming::read(&candidate.relative, |language| suffixes.count(language) || says(language));
    let tags = std::mem::take(&mut front.tags);
    front.tags = front::unique(given.tags.into_iter().chain(tags).collect());
    let authors = std::mem::take(&mut front.authors);
    front.authors = authors.into_iter().map(|word| inherited.bylines.named(&candidate.relative, word)).collect();
    let held_back = held_back(&candidate, &text, &file, &mut warnings);
    front.held_back = front.held_back.take().or(held_back);
    front.path = permalink::known(&front, &candidate.relative, &name, &file, &mut warnings);
    let written = front.date.or_else(|| day_elsewhere(&front, &name));
    if written.is_none() {
        warnings.extend(impossible_day(&candidate.relative, &file));
    }
    let body = &text[body_start..];
    if front.untranslated && without_comments(body).trim().is_empty() {
        return Err("it waits for its translation".to_owned());
    }
    if front.title.is_none() && body.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let begins = if mdx::is_mdx(&candidate.path, body) { mdx::without_modules(body) } else { body };
    let title = title(&front, begins, candidate.markup, &name);
    let text_hash = match body.trim() {
        "" => String::new(),
        trimmed => sha256_hex(trimmed.as_bytes())[..16].to_owned(),
    };
    let (text, body_start) = match candidate.markup {
        Markup::Html => of_the_post(text, body_start, &file, &mut warnings),
        Markup::Markdown => (text, body_start),
    };
    Ok(Draft {
        path: candidate.path,
        file,
        relative: candidate.relative,
        markup: candidate.markup,
        front,
        name,
        title,
        written,
        text,
        body_start,
        text_hash,
        warnings,
        lines: OnceLock::new(),
    })
}

/// The text of a file, its lines ended by line feeds.
fn decoded(bytes: &[u8], file: &Path, warnings: &mut Vec<Warning>) -> String {
    let decoded = decode::decode(bytes, None);
    if let Some(encoding) = decoded.encoding {
        let at = decoded.text.find(|c: char| !c.is_ascii()).unwrap_or(0);
        let place = Place::offset(file, &decoded.text, at);
        warnings.push(Warning::new(format!("not UTF-8; all of it was read as {encoding}")).at(place));
    }
    for (at, message) in decoded.foreign {
        warnings.push(Warning::new(message).at(Place::offset(file, &decoded.text, at)));
    }
    if decoded.text.contains('\r') { decoded.text.replace("\r\n", "\n").replace('\r', "\n") } else { decoded.text }
}

/// What holds a post back beside its front matter: its folder, its name, or two versions of it.
fn held_back(candidate: &Candidate, text: &str, file: &Path, warnings: &mut Vec<Warning>) -> Option<String> {
    let is_in_drafts = candidate.relative.split('/').any(|folder| folder == DRAFTS);
    let in_drafts = is_in_drafts.then(|| format!("the folder `{DRAFTS}`"));
    let by_name = || is_medium_draft(candidate).then(|| format!("the beginning of its name, `{DRAFT}`"));
    let unmerged = conflict::line(text).map(|line| {
        let message = "two versions stand here that were not merged; the post is held back";
        let hint = "take one of them, and the lines with `<<<<<<<`, `=======` and `>>>>>>>` away";
        warnings.push(Warning::new(message).at(Place::at(file, line, 1)).hint(hint));
        "two versions that were not merged".to_owned()
    });
    in_drafts.or_else(by_name).or(unmerged)
}

/// Tells of a day in the name of a file that is none.
fn impossible_day(relative: &str, file: &Path) -> Option<Warning> {
    let day = naming::impossible_day(relative)?;
    let message = format!("the file's name begins with `{day}`, which is no day of the calendar; the post has no date");
    Some(Warning::new(message).at(Place::at(file, 1, 1)).hint("its day is the first one it was seen on"))
}

/// The text of a page of HTML as far as it is the post's, and where its body begins.
fn of_the_post(mut text: String, body_start: usize, file: &Path, warnings: &mut Vec<Warning>) -> (String, usize) {
    let Some(part) = page::post(&text[body_start..]) else { return (text, body_start) };
    let inside = body_start + part.inside.start..body_start + part.inside.end;
    if part.leaves_words {
        let message = format!("what stands around its `<{}>` belongs to the page; it is left out", part.element);
        warnings.push(Warning::new(message).at(Place::offset(file, &text, inside.start)));
    }
    text.truncate(inside.end);
    (text, inside.start)
}

/// Whether a page of HTML is named as Medium's export names drafts: with an id of hexadecimal digits at the end.
fn is_medium_draft(candidate: &Candidate) -> bool {
    let name = candidate.relative.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_prefix(DRAFT).and_then(|rest| rest.rsplit_once('.')).map(|(stem, _)| stem);
    let id = stem.and_then(|stem| stem.rsplit('-').next()).unwrap_or_default();
    let is_id = (10..=12).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    candidate.markup == Markup::Html && is_id
}

/// A day that the permalink or the file's name begins with.
fn day_elsewhere(front: &Front, name: &Name) -> Option<Written> {
    let in_path = front.path.as_deref().and_then(|path| {
        let path = path.trim_start_matches('/');
        // A language or a section may stand before the day: `/en/newsletters/2018/07/17/`.
        path.match_indices('/').map(|(at, _)| at + 1).chain([0]).find_map(|from| dates::leading_day(&path[from..]))
    });
    in_path.or(name.day).map(Written::day)
}

/// A path for messages: relative to the publication where it is inside it.
pub(in crate::collect) fn display(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}

/// A text without its comments.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::{KINDS, PLAIN, push_without_signs, words_of_markdown};

    #[test]
    fn a_word_without_an_end_takes_no_longer_than_its_length() {
        for part in ["](", "://(", "](://", "]", "[](a)"] {
            let word = part.repeat(300_000);
            assert!(words_of_markdown(&word).len() <= word.len());
        }
    }

    #[test]
    fn a_word_of_letters_alone_is_what_a_look_at_its_signs_makes_of_it() {
        let is_of_words = |c: &char| c.to_string().bytes().all(|byte| KINDS[usize::from(byte)] == PLAIN);
        for c in ('\0'..=char::MAX).filter(is_of_words) {
            let mut words = String::new();
            format!("a{c}").split_whitespace().for_each(|word| push_without_signs(&mut words, word));
            assert_eq!(words, words_of_markdown(&format!("a{c}")), "{c:?}");
        }
        for text in [
            "",
            " ",
            "a",
            " a b",
            "a  b\nc d\t",
            "a *b* c d",
            "a - b c",
            "*a* b",
            "a b - ",
            "a\u{2003}b c",
            "\n\na\r\n b c\n",
        ] {
            let mut words = String::new();
            text.split_whitespace().for_each(|word| push_without_signs(&mut words, word));
            assert_eq!(words, words_of_markdown(text), "{text:?}");
        }
        assert_eq!(words_of_markdown("a\u{a0}b\u{2003}c\u{3000}d\u{1680}e\u{b}f \u{85}g"), "a b c d e f g ");
    }

    #[test]
    fn words_stay_when_a_text_is_only_written_otherwise() {
        for (text, otherwise) in [
            ("One *two*\nthree **four**\n", "One _two_ three\n__four__"),
            ("- a\n- b\n\n# C\n", "* a\n* b\n\nC\n=\n"),
            ("詳細はhttps://a.example/を", "詳細はhttps://b.example/c?d=eを"),
            (
                "See [this](https://a.example/1), and <https://a.example/2> too.",
                "See [this](/3), and\nhttps://b.example too.",
            ),
        ] {
            assert_eq!(words_of_markdown(text), words_of_markdown(otherwise));
        }
        for (text, other) in [
            ("[a](x)b", "[c](x)b"),
            ("[a](x)b", "[a](x)c"),
            ("one, two", "one two"),
            ("nowhere", "now here"),
            ("| 1 | 20 |", "| 12 | 0 |"),
            ("- 1\n- 23", "- 12\n- 3"),
            ("۱", "۲"),
            ("2026-1-12", "2026-11-2"),
            ("pages 1-23", "pages 12-3"),
            ("C++", "C"),
            ("-5 degrees", "5 degrees"),
            ("a b", "~~a b~~"),
            ("注](見下)。三月", "注](見下)。四月"),
            ("注](三月", "注](四月"),
            ("三月https://a.example/を", "四月https://a.example/を"),
            ("(old)https://a.example/b", "(new)https://a.example/b"),
            ("![a](a.png \"In 1914\")", "![a](a.png \"In 1918\")"),
            ("- [ ] a", "- [x] a"),
        ] {
            assert_ne!(words_of_markdown(text), words_of_markdown(other));
        }
    }
}
