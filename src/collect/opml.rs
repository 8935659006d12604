//! OPML: lists of feeds that readers exchange.
//!
//! Lists are read as browsers read HTML: of the lists that people have made by hand, or programs carelessly, many are not
//! well-formed.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::decode;
use super::tags::{Piece, attribute, pieces};

/// A feed of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What the list calls it.
    pub title: String,
    /// Its address, as it is written.
    pub address: String,
    /// Its site for people.
    pub site: Option<String>,
    /// The innermost folder that it stands in, or the first of its categories.
    pub section: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// The line of the list on which it begins, from 1.
    pub line: usize,
}

/// What a list holds. Every `outline` of it is one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Feeds, in order.
    pub feeds: Vec<Outline>,
    /// Folders: outlines without an address that hold others.
    pub folders: usize,
    /// Outlines that are neither: their words, and why they were left out.
    pub left_out: Vec<(String, &'static str)>,
    /// The line on which it ends, from 1, if it does so before its end.
    pub cut: Option<usize>,
}

/// Whether these bytes are a list.
#[must_use]
pub fn is_opml(bytes: &[u8]) -> bool {
    let head = decode::decode(&bytes[..bytes.len().min(2000)], None).text;
    head.to_ascii_lowercase().contains("<opml")
}

/// Reads a list, in whatever encoding.
#[must_use]
pub fn read(bytes: &[u8]) -> List {
    let text = decode::decode(bytes, None).text;
    let mut reader = Reader { line: 1, ..Reader::default() };
    // The pieces come without their places: outlines are found again, in the same order.
    let mut lines = text.match_indices("<outline").map(|(at, _)| at);
    let (mut counted, mut line) = (0, 1);
    pieces(&text, |piece| {
        if matches!(&piece, Piece::Start(tag) if &*tag.name == "outline")
            && let Some(at) = lines.next()
        {
            line += text[counted..at].bytes().filter(|byte| *byte == b'\n').count();
            counted = at;
        }
        reader.line = line;
        reader.take(&piece);
    });
    reader.mend();
    while !reader.open.is_empty() {
        reader.close();
    }
    // Lists made by hand may lack one end tag or the other.
    let ends = ["</opml", "</body"].iter().any(|end| rfind_ignoring_case(&text, end).is_some());
    reader.list.cut = (!ends).then(|| text.lines().count().max(1));
    reader.list
}

/// The last place of an ASCII word in whatever case.
fn rfind_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len()).rposition(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[derive(Default)]
struct Reader {
    list: List,
    /// The outlines that are open: a folder's name and whether it holds something, or `None` for a feed.
    open: Vec<Option<(String, bool)>>,
    /// The text since the last tag.
    text: String,
    line: usize,
}

impl Reader {
    fn take(&mut self, piece: &Piece<'_>) {
        if let Piece::Text(text) = piece {
            self.text.push_str(text);
            return;
        }
        self.mend();
        match piece {
            Piece::Start(tag) if &*tag.name == "outline" => {
                if let Some(Some((_, holds))) = self.open.last_mut() {
                    *holds = true;
                }
                let get = |name: &str| attribute(tag, name).filter(|value| !value.is_empty());
                let title = get("title").or_else(|| get("text")).unwrap_or_default();
                let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                let kind = get("type").unwrap_or_default().to_ascii_lowercase();
                match (get("xmlurl"), get("url")) {
                    (Some(address), _) => {
                        self.list.feeds.push(self.feed(title, address, &get));
                        self.open.push(None);
                    }
                    (None, Some(address)) if matches!(kind.as_str(), "rss" | "atom" | "json" | "jsonfeed" | "rdf") => {
                        self.list.feeds.push(self.feed(title, address, &get));
                        self.open.push(None);
                    }
                    (None, Some(_)) => {
                        let why = if kind == "include" { "another list" } else { "a link, not a feed" };
                        self.list.left_out.push((title, why));
                        self.open.push(None);
                    }
                    (None, None) if matches!(kind.as_str(), "rss" | "atom") => {
                        self.list.left_out.push((title, "a feed without an address"));
                        self.open.push(None);
                    }
                    (None, None) => self.open.push(Some((title, false))),
                }
                if tag.self_closing {
                    self.close();
                }
            }
            Piece::End("outline") => self.close(),
            _ => {}
        }
    }

    fn feed(&self, title: String, address: String, get: &dyn Fn(&str) -> Option<String>) -> Outline {
        let folder = self.open.iter().rev().find_map(|open| open.as_ref().map(|(name, _)| name.clone()));
        // "/Boston/Weather,/Harvard": the innermost part of the first.
        let category = || {
            let category = get("category")?;
            category.split(',').next()?.trim().rsplit('/').next().map(str::to_owned)
        };
        Outline {
            title,
            address,
            site: get("htmlurl"),
            section: folder.or_else(category).filter(|section| !section.is_empty()),
            language: get("language"),
            line: self.line,
        }
    }

    /// A description with a tag in it, unescaped, ends its outline too early: what follows, the address among it, is text
    /// then.
    fn mend(&mut self) {
        let text = std::mem::take(&mut self.text);
        let Some(Some((title, false))) = self.open.last().cloned() else { return };
        let Some(address) = text.split_once("xmlUrl=\"").and_then(|(_, rest)| rest.split('"').next()) else { return };
        self.open.pop();
        let feed = self.feed(title, address.trim().to_owned(), &|_| None);
        self.list.feeds.push(feed);
        if !text.contains("/>") {
            self.open.push(None);
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Some((_, true))) => self.list.folders += 1,
            Some(Some((name, false))) => self.list.left_out.push((name, "neither a feed nor a folder of feeds")),
            _ => {}
        }
    }
}

/// Writes a list (OPML 2.0), with a folder for each section.
#[must_use]
pub fn write(title: &str, feeds: &[Outline]) -> String {
    let written = || -> std::io::Result<Vec<u8>> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
        writer.write_event(Event::Start(BytesStart::new("head")))?;
        writer.write_event(Event::Start(BytesStart::new("title")))?;
        writer.write_event(Event::Text(BytesText::new(&legal(title))))?;
        writer.write_event(Event::End(BytesEnd::new("title")))?;
        writer.write_event(Event::End(BytesEnd::new("head")))?;
        writer.write_event(Event::Start(BytesStart::new("body")))?;
        let mut sections: Vec<Option<&str>> = Vec::new();
        for feed in feeds.iter().filter(|feed| feed.section.is_none()).chain(feeds) {
            if !sections.contains(&feed.section.as_deref()) {
                sections.push(feed.section.as_deref());
            }
        }
        for section in sections {
            if let Some(section) = section {
                let name = legal(section);
                let folder = BytesStart::new("outline");
                writer.write_event(Event::Start(
                    folder.with_attributes([("text", name.as_str()), ("title", name.as_str())]),
                ))?;
            }
            for feed in feeds.iter().filter(|feed| feed.section.as_deref() == section) {
                writer.write_event(Event::Empty(element(feed)))?;
            }
            if section.is_some() {
                writer.write_event(Event::End(BytesEnd::new("outline")))?;
            }
        }
        writer.write_event(Event::End(BytesEnd::new("body")))?;
        writer.write_event(Event::End(BytesEnd::new("opml")))?;
        Ok(writer.into_inner())
    };
    // Writing to a vector cannot fail.
    String::from_utf8_lossy(&written().unwrap_or_default()).into_owned() + "\n"
}

fn element(feed: &Outline) -> BytesStart<'static> {
    let name = legal(&feed.title);
    let mut element = BytesStart::new("outline");
    element.push_attribute(("type", "rss"));
    element.push_attribute(("text", name.as_str()));
    element.push_attribute(("title", name.as_str()));
    element.push_attribute(("xmlUrl", legal(&feed.address).as_str()));
    if let Some(site) = &feed.site {
        element.push_attribute(("htmlUrl", legal(site).as_str()));
    }
    if let Some(language) = &feed.language {
        element.push_attribute(("language", language.as_str()));
    }
    element
}

/// Text without the characters that XML 1.0 has no place for.
fn legal(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Outline, is_opml, read, write};
    use crate::collect::tests::corpora;

    #[test]
    fn a_nested_list_is_read_with_everything_accounted_for() {
        let list = read(
            br#"<?xml version="1.0"?><OPML version="2.0"><head><title>T</title></head><body>
            <outline text="News &amp; more"><outline text="World">
                <outline text="A" xmlUrl="https://a.example/?x=1&y=2" htmlUrl="https://a.example/" type="rss"/></outline>
                <outline text='B "quoted" <b>' XMLURL='https://b.example/feed'></outline>
            </outline>
            <outline text="C" xmlUrl="https://c.example/" category="/Art/Type,/Other" language="fa" />
            <outline text="D" type="link" url="https://d.example/"/> <outline text="E" type="include" url="x.opml"/>
            <outline text="Empty"/> <outline type="rss" text="F"/>
            <outline text="Unclosed"><outline text="G" xmlUrl="https://g.example/">"#,
        );
        let feeds: Vec<(&str, &str, Option<&str>)> =
            list.feeds.iter().map(|f| (f.title.as_str(), f.address.as_str(), f.section.as_deref())).collect();
        assert_eq!(
            feeds,
            [
                ("A", "https://a.example/?x=1&y=2", Some("World")),
                ("B \"quoted\" <b>", "https://b.example/feed", Some("News & more")),
                ("C", "https://c.example/", Some("Type")),
                ("G", "https://g.example/", Some("Unclosed")),
            ]
        );
        assert_eq!((list.folders, list.left_out.len(), list.feeds[2].line), (3, 4, 6));
        assert_eq!(list.cut, Some(9), "it has no end");
    }

    #[test]
    fn a_description_with_tags_in_it_costs_nothing() {
        let list = read(
            br#"<opml><body><outline text="Press"><outline text="A" description="By <a href="https://a.example">A</a>."
            xmlUrl="https://a.example/feed?x=1&amp;y=2" type="rss"/><outline text="B" xmlUrl="https://b.example/"/></outline>"#,
        );
        let feeds: Vec<_> = list.feeds.iter().map(|f| (&*f.title, &*f.address, f.section.as_deref())).collect();
        let expected =
            [("A", "https://a.example/feed?x=1&y=2", Some("Press")), ("B", "https://b.example/", Some("Press"))];
        assert_eq!((feeds, list.folders, list.left_out), (expected.to_vec(), 1, Vec::new()));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let feed = |title: &str, section: Option<&str>| Outline {
            title: title.to_owned(),
            address: format!("https://a.example/?q=\"{title}\"&x"),
            site: Some("https://a.example/".to_owned()),
            section: section.map(str::to_owned),
            language: Some("fa".to_owned()),
            line: 0,
        };
        let feeds = [feed("حروف", Some("A & B")), feed("<two>\u{8}", None), feed("three", Some("A & B"))];
        let written = write("A \"list\"", &feeds);
        assert!(is_opml(written.as_bytes()));
        let titles: Vec<_> = read(written.as_bytes()).feeds.into_iter().map(|f| (f.title, f.section)).collect();
        let section = || Some("A & B".to_owned());
        assert_eq!(titles, [("<two>".into(), None), ("حروف".into(), section()), ("three".into(), section())]);
    }

    #[test]
    fn every_outline_of_the_corpora_is_accounted_for() {
        let Some(corpora) = corpora() else { return };
        let (mut files, mut feeds) = (0, 0);
        for entry in walkdir::WalkDir::new(corpora.join("feeds")).into_iter().filter_map(Result::ok) {
            let path = entry.path().display().to_string();
            if !entry.file_type().is_file() || !path.contains("/opml-") {
                continue;
            }
            let bytes = std::fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(is_opml(&bytes), "{path}");
            let list = read(&bytes);
            let found = list.feeds.len() + list.folders + list.left_out.len();
            assert_eq!(found, text.matches("<outline").count(), "{path}");
            assert_eq!(list.feeds.len(), text.matches(" xmlUrl=").count(), "{path}");
            files += 1;
            feeds += list.feeds.len();
        }
        println!("{feeds} feeds in {files} lists");
        assert_eq!((files, feeds), (69, 1476));
    }
}
