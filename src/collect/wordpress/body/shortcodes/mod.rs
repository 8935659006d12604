//! Shortcodes: `[caption]…[/caption]`, `[gallery ids="1,2"]`.
//!
//! The usual ones are shown as what they stand for. Of others the contents stay, or the address that they name; what
//! shows nothing then is told of. Square brackets that are no shortcode stay as they are.

mod arguments;
mod builders;
mod figure;
mod frames;
mod media;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) use self::arguments::Arguments;
use self::builders::{Part, Said, siteorigin};
use self::scan::{Kind, Mark};
use crate::collect::liquid::Frame;
use crate::collect::wordpress::attachments::{Attachments, Wanted};
use crate::collect::wordpress::body::reserved;

/// No more attachments are named that the export lacks.
const MOST_NAMED: usize = 10;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text with tags, of which paragraphs are still to be made.
    Markup(String),
    /// A block that is whole.
    Block(String),
}

impl Piece {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Markup(text) | Self::Block(text) => text,
        }
    }
}

/// What shortcodes of one post may show.
pub(super) struct Shown<'a> {
    pub(super) attachments: &'a Attachments,
    /// The post's number.
    pub(super) post: u64,
}

/// A shortcode that could not be carried out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) name: String,
    pub(super) message: String,
}

/// Carries out the shortcodes of a text.
pub(super) fn expand(text: &str, shown: &Shown<'_>) -> (Vec<Piece>, Vec<Report>) {
    if !text.contains('[') {
        return (vec![Piece::Markup(text.to_owned())], Vec::new());
    }
    let marks = scan::marks(text);
    let mut writer = Writer {
        text,
        shown,
        pieces: Vec::new(),
        reports: Vec::new(),
        transparent: BTreeSet::new(),
        after: BTreeMap::new(),
        told: BTreeSet::new(),
    };
    let mut at = 0;
    for (index, mark) in marks.iter().enumerate() {
        if mark.range.start < at {
            continue;
        }
        writer.markup(&text[at..mark.range.start]);
        at = writer.mark(&marks, index);
    }
    writer.markup(&text[at..]);
    (writer.pieces, writer.reports)
}

/// Adds the attachments that the shortcodes of a text name; `post` is its post's number.
pub(super) fn name_attachments(text: &str, post: Option<u64>, wanted: &mut Wanted) {
    let own = ["[gallery", "[playlist", "[audio", "[video", siteorigin::OPENING];
    if !own.iter().chain(&builders::OPENINGS).any(|open| text.contains(open)) {
        return;
    }
    let marks = scan::marks(text);
    for (index, mark) in marks.iter().enumerate() {
        if let Some(bare) = builders::bare(mark.name).filter(|_| mark.kind == Kind::Open) {
            let arguments = builders::meant(mark.name, &Arguments::read(mark.arguments));
            wanted.ids.extend(builders::ids(bare, &arguments));
        }
        if mark.is_widget()
            && let Some(close) = scan::close_of(&marks, index)
        {
            wanted.ids.extend(siteorigin::ids(&text[mark.range.end..close.range.start]));
        }
        if mark.kind == Kind::Open && matches!(mark.name, "gallery" | "playlist" | "audio" | "video") {
            let arguments = Arguments::read(mark.arguments);
            let ids = figure::ids(&arguments);
            if ids.is_empty() && arguments.is_without_address() {
                wanted.parents.extend(post);
            }
            wanted.ids.extend(ids);
        }
    }
}

struct Writer<'a> {
    text: &'a str,
    shown: &'a Shown<'a>,
    pieces: Vec<Piece>,
    reports: Vec<Report>,
    /// Unknown names whose contents are shown: their end marks go too.
    transparent: BTreeSet<&'a str>,
    /// What stands where a shortcode ends that says something of its contents, by where its end mark begins.
    after: BTreeMap<usize, String>,
    /// What was told of.
    told: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    fn markup(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Markup(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Markup(text.to_owned())),
        }
    }

    /// Writes what stands for a mark; returns where the text goes on.
    fn mark(&mut self, marks: &[Mark<'a>], index: usize) -> usize {
        let mark = &marks[index];
        let whole = &self.text[mark.range.clone()];
        match mark.kind {
            Kind::Escaped => {
                // `[[gallery]]` is how one writes about `[gallery]`.
                self.markup(&whole[1..whole.len() - 1]);
                mark.range.end
            }
            Kind::Close => {
                if let Some(after) = self.after.remove(&mark.range.start) {
                    self.markup(&after);
                    return mark.range.end;
                }
                let is_ours = media::is_known(mark.name) || builders::bare(mark.name).is_some();
                if !self.transparent.contains(mark.name) && !is_ours {
                    self.markup(whole);
                }
                mark.range.end
            }
            Kind::Open => self.open(marks, index),
        }
    }

    fn open(&mut self, marks: &[Mark<'a>], index: usize) -> usize {
        let mark = &marks[index];
        let close = scan::close_of(marks, index);
        let arguments = Arguments::read(mark.arguments);
        if media::is_known(mark.name) {
            let contents = close.map(|close| &self.text[mark.range.end..close.range.start]);
            let end = close.map_or(mark.range.end, |close| close.range.end);
            match media::show(mark.name, &arguments, contents.unwrap_or_default(), self.shown) {
                Some(html) => {
                    self.pieces.push(Piece::Block(html));
                    self.tell_missing(mark.name, &arguments);
                }
                None => self.report(mark.name, "shows nothing that the export holds; it is left out"),
            }
            return end;
        }
        if let Some(bare) = builders::bare(mark.name) {
            return self.built(bare, mark, close, &builders::meant(mark.name, &arguments));
        }
        if let Some(close) = close.filter(|_| mark.is_widget()) {
            let widget = siteorigin::shown(&self.text[mark.range.end..close.range.start], self.shown);
            match widget {
                Some(html) => self.markup(&format!("\n\n{html}\n\n")),
                None => self.report(mark.name, "shows nothing that the export holds; it is left out"),
            }
            return close.range.end;
        }
        if let Some(close) = close.filter(|_| reserved::is_shortcode(mark.name, &arguments)) {
            self.report(mark.name, "is for some readers alone; it is left out, and what is in it");
            return close.range.end;
        }
        if close.is_none() && media::SILENT.contains(&mark.name) {
            return mark.range.end;
        }
        if close.is_none() && media::BARE.contains(&mark.name) {
            self.report(mark.name, "is not known here; it is left out");
            return mark.range.end;
        }
        if !mark.is_likely(close.is_some(), &arguments) {
            self.markup(&self.text[mark.range.clone()]);
            return mark.range.end;
        }
        if let Some(close) = close {
            self.transparent.insert(mark.name);
            let frame = self.around(mark, close, &arguments);
            if frame == Frame::default() {
                self.report(mark.name, "is not known here; its contents are shown");
            }
            self.markup(&frame.before);
            self.after.insert(close.range.start, frame.after);
        } else if let Some(address) = arguments.address() {
            let words = arguments.get(&["text", "title", "label", "button_text"]).unwrap_or(&address);
            self.pieces.push(Piece::Block(media::link(&address, words)));
            self.report(mark.name, "is not known here; a link is shown");
        } else {
            self.report(mark.name, "is not known here; it is left out");
        }
        mark.range.end
    }

    /// Writes what stands for a page builder's shortcode; returns where the text goes on.
    fn built(&mut self, bare: &str, mark: &Mark<'a>, close: Option<&Mark<'a>>, arguments: &Arguments) -> usize {
        let inside = mark.range.end..close.map_or(mark.range.end, |close| close.range.start);
        let end = close.map_or(mark.range.end, |close| close.range.end);
        let frame = match builders::part(mark.name, bare, arguments, &self.text[inside.clone()], self.shown) {
            Part::Block(html) => {
                self.pieces.push(Piece::Block(html));
                return end;
            }
            Part::Markup(text) => {
                self.markup(&format!("\n\n{text}\n\n"));
                return end;
            }
            Part::Room => return end,
            Part::Unknown => {
                self.report(mark.name, "is not known here; it is left out");
                return end;
            }
            Part::InLine if matches!(bare, "tooltip" | "popover") => {
                frames::of(mark.name, arguments, self.text, mark.range.start, inside.clone())
            }
            Part::InLine => Frame::default(),
            Part::Above(html) => Frame { before: format!("\n\n{html}\n"), after: "\n\n".to_owned() },
            Part::Element(tag) => Frame { before: format!("\n\n<{tag}>"), after: format!("</{tag}>\n\n") },
            Part::Layout => self.layout(bare, mark, arguments, inside.clone()),
        };
        self.markup(&frame.before);
        if let Some(close) = close {
            self.after.insert(close.range.start, frame.after);
        }
        inside.start
    }

    /// What stands around the text of a shortcode that is not known, by what its arguments are called.
    fn around(&mut self, mark: &Mark<'a>, close: &Mark<'a>, arguments: &Arguments) -> Frame {
        let inside = mark.range.end..close.range.start;
        let name = mark.name.to_ascii_lowercase();
        let Said { above, between, below, rest } = builders::said(&name, arguments);
        let is_blank = self.text[inside.clone()].trim().is_empty();
        // A name alone is most likely that of something which its site would draw.
        let rest = if is_blank { rest.without(&["name", "label", "term"]) } else { rest };
        if let Some(picture) = builders::picture_of(&name, &rest, self.shown) {
            self.pieces.push(Piece::Block(picture));
        }
        let in_sentence = || frames::is_in_sentence(self.text, mark.range.start, inside.clone(), close.range.end);
        if frames::is_part(mark.name) && !is_blank && !in_sentence() {
            let title = frames::title_of_part(mark.name, &rest);
            let title = title.map(|title| builders::strong(&title)).unwrap_or_default();
            let before = format!("\n\n<div>\n{above}{title}{between}");
            return Frame { before, after: format!("{below}\n</div>\n\n") };
        }
        let frame = frames::of(mark.name, &rest, self.text, mark.range.start, inside);
        Frame { before: format!("{above}{}{between}", frame.before), after: frame.after + &below }
    }

    /// What stands around the text of a part of a page.
    fn layout(&mut self, bare: &str, mark: &Mark<'a>, arguments: &Arguments, inside: Range<usize>) -> Frame {
        let Said { above, between, below, rest } = builders::said(bare, arguments);
        if let Some(picture) = builders::picture_of(bare, &rest, self.shown) {
            self.pieces.push(Piece::Block(picture));
        }
        let frame = frames::of(mark.name, &rest, self.text, mark.range.start, inside);
        // What stands in a part of a page is no part of the paragraph before it.
        let gap = if bare.contains("button") { "" } else { "\n\n" };
        let before = format!("{gap}{above}{}{between}", frame.before);
        Frame { before, after: format!("{}{below}{gap}", frame.after) }
    }

    /// Says which of the files that a gallery or a playlist names the export does not hold.
    fn tell_missing(&mut self, name: &str, arguments: &Arguments) {
        if matches!(name, "gallery" | "playlist") {
            let missing = figure::ids(arguments).into_iter().filter(|id| self.shown.attachments.get(*id).is_none());
            let missing: Vec<String> = missing.map(|id| id.to_string()).take(MOST_NAMED).collect();
            if !missing.is_empty() {
                self.report(name, &format!("names attachments that the export lacks: {}", missing.join(", ")));
            }
        }
    }

    fn report(&mut self, name: &str, what: &str) {
        let message = format!("shortcode `{name}` {what}");
        if self.told.insert(message.clone()) {
            self.reports.push(Report { name: name.to_owned(), message });
        }
    }
}

#[cfg(test)]
mod tests;
