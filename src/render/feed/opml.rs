//! OPML 2.0: every feed of the site in one list that readers import.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::content::legal;
use super::unwritable;
use crate::error::Result;
use crate::model::Language;

/// One feed of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its title.
    pub title: String,
    /// The RSS document.
    pub feed_url: String,
    /// Its page for people.
    pub home: String,
    /// What it is written in.
    pub language: Language,
}

/// The list, in the order given. Both `text`, which OPML requires, and `title`, which some readers want, are set.
pub fn opml(title: &str, outlines: &[Outline]) -> Result<Vec<u8>> {
    write(title, outlines).map_err(|cause| unwritable("OPML", &cause))
}

fn write(title: &str, outlines: &[Outline]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("title")))?;
    writer.write_event(Event::Text(BytesText::new(&legal(title))))?;
    writer.write_event(Event::End(BytesEnd::new("title")))?;
    writer.write_event(Event::End(BytesEnd::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for outline in outlines {
        let name = legal(&outline.title);
        writer.write_event(Event::Empty(BytesStart::new("outline").with_attributes([
            ("type", "rss"),
            ("text", &name),
            ("title", &name),
            ("xmlUrl", &outline.feed_url),
            ("htmlUrl", &outline.home),
            ("language", outline.language.as_str()),
        ])))?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}
