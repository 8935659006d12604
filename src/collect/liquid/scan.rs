//! Finding the marks of templates in a text: `{% … %}`, `{{ … }}`, `{{< … >}}`, `{: … }`, `{.class}`,
//! `{# … #}`.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::attributes;

/// What kind of mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// `{% name arguments %}` (Jekyll, Zola with a body).
    Tag,
    /// `{{ expression }}` (Jekyll, Zola).
    Output,
    /// `{{< name arguments >}}` or `{{% name arguments %}}` (Hugo).
    Shortcode,
    /// `{:.class #id}` (kramdown), `{.class #id}` (others).
    Attributes,
    /// `{::comment}`, `{::options … /}`, `{:/comment}`, `{:/}` (kramdown).
    Extension,
    /// `{# … #}` (Zola, Nunjucks).
    Comment,
}

/// A mark, where it stands and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    pub(super) inside: &'a str,
    /// `{%-` and `-%}`: whether the white space before it, and after it, goes.
    pub(super) trims_before: bool,
    pub(super) trims_after: bool,
}

impl<'a> Mark<'a> {
    /// The first word: a tag's name. That of a closing one begins with `/`.
    pub(super) fn name(&self) -> &'a str {
        let end = self
            .inside
            .char_indices()
            .find(|(at, c)| !(c.is_alphanumeric() || matches!(c, '_' | '-') || (*at == 0 && *c == '/')))
            .map_or(self.inside.len(), |(at, _)| at);
        &self.inside[..end]
    }

    /// Whether it ends a tag or a shortcode.
    pub(super) fn ends_another(&self) -> bool {
        let name = self.name();
        name.starts_with('/') || (self.kind == Kind::Tag && name.starts_with("end"))
    }

    /// What follows the name.
    pub(super) fn arguments(&self) -> &'a str {
        self.inside[self.name().len()..].trim()
    }
}

/// Finds the marks. Inside code, which Markdown has, only those that take text away from templates or from readers are marks: everything
/// else there is text about templates.
pub(super) fn marks(text: &str, is_markdown: bool) -> Vec<Mark<'_>> {
    let code = if is_markdown { code_ranges(text) } else { Vec::new() };
    let mut marks = Vec::new();
    let mut at = 0;
    let mut in_raw = false;
    let mut ends = Ends::default();
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        at = start + 1;
        let found = mark_at(text, start, &mut ends);
        let Some(mark) = found.or_else(|| bare_attributes(text, start, &mut ends).filter(|_| is_markdown)) else {
            continue;
        };
        let name = mark.name();
        let is_tag = mark.kind == Kind::Tag;
        let fence = is_tag && matches!(name, "raw" | "endraw");
        let around = code.get(code.partition_point(|(range, _)| range.end <= start));
        let around = around.filter(|(range, _)| range.start <= start);
        let works_in_code = match around {
            Some(_) if mark.kind == Kind::Shortcode && mark.inside.starts_with("/*") => true,
            Some((_, true)) => fence || is_tag && matches!(name, "comment" | "endcomment" | "capture" | "endcapture"),
            Some((_, false)) => fence,
            None => true,
        };
        if (in_raw && name != "endraw") || !works_in_code {
            continue;
        }
        if fence {
            in_raw = name == "raw";
        }
        at = mark.range.end;
        marks.push(mark);
    }
    marks
}

/// Where the next end of each kind of mark stands, as far as it was looked for: looking for it at each opening would take
/// the square of a text's length.
#[derive(Default)]
struct Ends(Vec<(&'static str, Option<usize>)>);

impl Ends {
    /// The first `end` at or after `from`, which never goes back.
    fn find(&mut self, text: &str, from: usize, end: &'static str) -> Option<usize> {
        let known = self.0.iter().position(|(known, _)| *known == end);
        if let Some((_, found)) = known.map(|at| self.0[at])
            && found.is_none_or(|found| found >= from)
        {
            return found;
        }
        let found = text[from..].find(end).map(|at| from + at);
        match known {
            Some(at) => self.0[at].1 = found,
            None => self.0.push((end, found)),
        }
        found
    }
}

fn mark_at<'a>(text: &'a str, start: usize, ends: &mut Ends) -> Option<Mark<'a>> {
    let rest = &text[start..];
    let (kind, open, close) = match rest.as_bytes() {
        [b'{', b'{', b'<', ..] => (Kind::Shortcode, 3, ">}}"),
        [b'{', b'{', b'%', ..] => (Kind::Shortcode, 3, "%}}"),
        [b'{', b'{', ..] => (Kind::Output, 2, "}}"),
        [b'{', b'%', ..] => (Kind::Tag, 2, "%}"),
        [b'{', b':', b':' | b'/', ..] => (Kind::Extension, 2, "}"),
        [b'{', b':', ..] => (Kind::Attributes, 2, "}"),
        [b'{', b'#', b' ' | b'\n', ..] => (Kind::Comment, 2, "#}"),
        _ => return None,
    };
    let length = ends.find(text, start + open, close)? - (start + open);
    if longest(kind).is_some_and(|longest| length >= longest) {
        return None;
    }
    let whole = &rest[open..open + length];
    let trims = matches!(kind, Kind::Tag | Kind::Output);
    let (trims_before, trims_after) = (trims && whole.starts_with('-'), trims && whole.ends_with('-'));
    let inside = whole.trim_matches('-').trim();
    let plausible = match kind {
        Kind::Tag | Kind::Shortcode => inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'),
        Kind::Output => !inside.contains("\n\n"),
        Kind::Comment => true,
        Kind::Extension => is_extension(inside),
        Kind::Attributes => is_attribute_list(inside),
    };
    let range = start..start + open + length + close.len();
    plausible.then_some(Mark { kind, range, inside, trims_before, trims_after })
}

/// Attributes without a colon, where nothing else can be meant.
fn bare_attributes<'a>(text: &'a str, start: usize, ends: &mut Ends) -> Option<Mark<'a>> {
    if !text[start + 1..].starts_with(|c: char| matches!(c, '.' | '#' | ' ') || c.is_ascii_alphabetic()) {
        return None;
    }
    let range = start..ends.find(text, start + 1, "}")? + 1;
    let is_near = longest(Kind::Attributes).is_some_and(|longest| range.len() < longest);
    let inside = text[start + 1..range.end - 1].trim();
    let mark =
        || Mark { kind: Kind::Attributes, range: range.clone(), inside, trims_before: false, trims_after: false };
    (is_near && attributes::is_attributes(text, &range)).then(mark)
}

/// What is as long as this, in bytes, is no mark of this kind.
fn longest(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Tag | Kind::Shortcode => Some(40_000),
        Kind::Output => Some(500),
        Kind::Attributes | Kind::Extension => Some(200),
        Kind::Comment => None,
    }
}

/// The extensions that kramdown has, and their ends.
fn is_extension(text: &str) -> bool {
    let name = text.trim_start_matches([':', '/']);
    let name = name.split_whitespace().next().unwrap_or_default().trim_end_matches('/');
    matches!(name, "comment" | "nomarkdown" | "options") || (name.is_empty() && text == "/")
}

/// `.class`, `#id`, `key="value"`, `toc`: what kramdown takes, and nothing that a format string looks like.
fn is_attribute_list(text: &str) -> bool {
    let text = text.trim_start_matches(':').trim();
    !text.is_empty()
        && !text.contains('\n')
        && (text == "toc"
            || text.starts_with(['.', '#']) && text.len() > 1 && !text.ends_with('?')
            || text.split_once('=').is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')))
}

/// Where code stands, in order, as the Markdown parser sees it, and whether it is a block.
fn code_ranges(text: &str) -> Vec<(Range<usize>, bool)> {
    let parser = Parser::new_ext(text, crate::collect::body::options()).into_offset_iter();
    let mut ranges: Vec<(Range<usize>, bool)> = parser
        .filter_map(|(event, range)| match event {
            Event::Code(_) => Some((range, false)),
            Event::Start(Tag::CodeBlock(_)) => Some((range, true)),
            _ => None,
        })
        .collect();
    ranges.sort_by_key(|(range, _)| range.start);
    ranges
}
