//! A file, read and understood, before it has an identity among the others.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::files::{Candidate, Markup};
use super::inherited::Inherited;
use super::naming::{self, Name, Suffixes};
use super::{conflict, page, permalink};
use crate::collect::body;
use crate::collect::dates::{self, Written};
use crate::collect::decode;
use crate::collect::front::{self, Front, find};
use crate::collect::mdx;
use crate::collect::plain;
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
    let decoded = decode::decode(bytes, None);
    if let Some(encoding) = decoded.encoding {
        let at = decoded.text.find(|c: char| !c.is_ascii()).unwrap_or(0);
        let place = Place::offset(&file, &decoded.text, at);
        warnings.push(Warning::new(format!("not UTF-8; all of it was read as {encoding}")).at(place));
    }
    for (at, message) in decoded.foreign {
        warnings.push(Warning::new(message).at(Place::offset(&file, &decoded.text, at)));
    }
    let text =
        if decoded.text.contains('\r') { decoded.text.replace("\r\n", "\n").replace('\r', "\n") } else { decoded.text };
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
    if candidate.relative.split('/').any(|folder| folder == DRAFTS) {
        front.held_back.get_or_insert_with(|| format!("the folder `{DRAFTS}`"));
    }
    if is_medium_draft(&candidate) {
        front.held_back.get_or_insert_with(|| format!("the beginning of its name, `{DRAFT}`"));
    }
    if let Some(line) = conflict::line(&text) {
        let message = "two versions stand here that were not merged; the post is held back";
        let hint = "take one of them, and the lines with `<<<<<<<`, `=======` and `>>>>>>>` away";
        warnings.push(Warning::new(message).at(Place::at(&file, line, 1)).hint(hint));
        front.held_back.get_or_insert_with(|| "two versions that were not merged".to_owned());
    }
    front.path = permalink::known(&front, &candidate.relative, &name, &file, &mut warnings);
    let written = front.date.or_else(|| day_elsewhere(&front, &name));
    if written.is_none()
        && let Some(day) = naming::impossible_day(&candidate.relative)
    {
        let message =
            format!("the file's name begins with `{day}`, which is no day of the calendar; the post has no date");
        warnings.push(Warning::new(message).at(Place::at(&file, 1, 1)).hint("its day is the first one it was seen on"));
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
    let (mut text, mut body_start) = (text, body_start);
    if candidate.markup == Markup::Html
        && let Some(part) = page::post(&text[body_start..])
    {
        let inside = body_start + part.inside.start..body_start + part.inside.end;
        if part.leaves_words {
            let message = format!("what stands around its `<{}>` belongs to the page; it is left out", part.element);
            warnings.push(Warning::new(message).at(Place::offset(&file, &text, inside.start)));
        }
        text.truncate(inside.end);
        body_start = inside.start;
    }
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

fn title(front: &Front, body: &str, markup: Markup, name: &Name) -> String {
    let heading = || match markup {
        Markup::Markdown => first_markdown_heading(body),
        Markup::Html => first_html_heading(body),
    };
    front.title.clone().or_else(heading).unwrap_or_else(|| from_stem(&name.stem))
}

/// The heading at the beginning of a text: `# …`, or a line underlined with `=`.
fn first_markdown_heading(body: &str) -> Option<String> {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("<!--"));
    let mut lines = lines.skip_while(|line| is_picture(line));
    let first = lines.next()?;
    let text = if let Some(text) = of_signs(first) {
        text
    } else {
        let underline = lines.next()?;
        let heading =
            underline.len() > 2 && (underline.bytes().all(|b| b == b'=') || underline.bytes().all(|b| b == b'-'));
        heading.then_some(first)?
    };
    Some(plain::from_markdown(text)).filter(|title| !title.is_empty())
}

/// Whether a line holds pictures alone, with or without links around them: a badge, a banner.
fn is_picture(line: &str) -> bool {
    let mut rest = line;
    while !rest.is_empty() {
        let is_linked = rest.starts_with("[![");
        let start = if is_linked { &rest[1..] } else { rest };
        let behind = |text: &'_ str| -> Option<usize> {
            let inside = text.strip_prefix("![")?;
            let end = inside.find("](")? + 4;
            Some(end + text[end..].find(')')? + 1)
        };
        let Some(length) = behind(start) else { return false };
        rest = &start[length..];
        if is_linked {
            let Some(end) = rest.strip_prefix("](").and_then(|link| link.find(')')) else { return false };
            rest = &rest[end + 3..];
        }
        rest = rest.trim_start();
    }
    !line.is_empty()
}

/// The text of a heading that begins with `#`, without the signs that may end it and the attributes after them.
fn of_signs(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    if text.len() == line.len() {
        return None;
    }
    let text = body::without_signs_again(line.len() - text.len(), text.trim_start());
    let is_list = |inside: &str| inside.starts_with(['#', '.']) && !inside.contains(['{', '}']);
    let bare = text.strip_suffix('}').and_then(|rest| rest.rsplit_once(" {")).filter(|(_, inside)| is_list(inside));
    let text = bare.map_or(text, |(text, _)| text).trim_end();
    // `# On C#` ends with a letter of its own.
    let without = text.trim_end_matches('#');
    Some(if without.is_empty() || without.ends_with([' ', '\t']) { without } else { text })
}

/// `<h1>`, else `<title>`.
fn first_html_heading(body: &str) -> Option<String> {
    ["h1", "title"].into_iter().find_map(|name| {
        let start = body.find(&format!("<{name}"))?;
        let from = start + body[start..].find('>')? + 1;
        let length = body[from..].find(&format!("</{name}"))?;
        Some(plain::from_html(&body[from..from + length])).filter(|title| !title.is_empty())
    })
}

/// "the-first-press" -> "The first press".
fn from_stem(stem: &str) -> String {
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    chars.next().map_or_else(|| "Untitled".to_owned(), |first| first.to_uppercase().chain(chars).collect())
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
    use super::{first_html_heading, first_markdown_heading, from_stem};

    #[test]
    fn titles_are_found() {
        assert_eq!(first_markdown_heading("\n# IPFS *Weekly* #5\n\nText").as_deref(), Some("IPFS Weekly #5"));
        assert_eq!(first_markdown_heading("A title\n=======\n").as_deref(), Some("A title"));
        assert_eq!(first_markdown_heading("Text\n\n# Later\n"), None);
        let badges = "[![build](a.svg)](https://b.example/) ![c](d.png)\n\n![A *press*](e.jpg \"T\")\n\n# Ink\n";
        assert_eq!(first_markdown_heading(badges).as_deref(), Some("Ink"));
        assert_eq!(first_markdown_heading("![a](b.png) and words\n\n# Later\n"), None);
        for (text, title) in [
            ("# On C#", "On C#"),
            ("## One ##", "One"),
            ("# Two {#two .x}", "Two"),
            ("# `Vec<T>`, Vec<T> and __init__", "Vec<T>, Vec<T> and __init__"),
            ("# The _Iliad_", "The Iliad"),
            ("#Three", "Three"),
        ] {
            assert_eq!(first_markdown_heading(text).as_deref(), Some(title));
        }
        assert_eq!(first_html_heading("<title>T</title><h1 class=x>A <b>b</b></h1>").as_deref(), Some("A b"));
        assert_eq!(from_stem("the-first_press"), "The first press");
    }
}
