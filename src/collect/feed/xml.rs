//! RSS, RDF, Atom and CDF by one reader: markup is cut by quick-xml, text between it is taken as it lies.

use std::io::BufRead as _;

use memchr::{memchr, memmem};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::builder::Builder;
use super::tag::Tag;
use super::text::holds_illegal;

/// What XML's grammar does not allow (XML 1.0, 2.1), so that a reader that keeps to it must stop.
#[derive(Debug)]
pub(super) struct Broken;

/// What a CDATA section begins with (XML 1.0, 2.7).
pub(super) const CDATA: &str = "<![CDATA[";

/// Reads a document into `builder`. It must be well-formed, save for what does not hide where elements begin and end:
/// bare ampersands, names of characters that are HTML's, text around the root.
pub(super) fn read<'a>(text: &'a str, builder: &mut Builder<'a>) -> Result<(), Broken> {
    if holds_illegal(text) {
        return Err(Broken);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let end_of_cdata = memmem::Finder::new("]]>");
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let taken = if let Some(inside) = rest.strip_prefix(CDATA) {
            let length = end_of_cdata.find(inside.as_bytes()).ok_or(Broken)?;
            builder.cdata(&inside[..length], at + CDATA.len());
            CDATA.len() + length + "]]>".len()
        } else {
            let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            builder.text(&rest[..length], at);
            length
        };
        reader.stream().consume(taken);
        at += taken;
        if taken == 0 {
            if !read_markup(&mut reader, text, at, builder)? {
                break;
            }
            at = reader.buffer_position() as usize;
        }
    }
    if builder.is_open() { Err(Broken) } else { Ok(()) }
}

/// Reads the tag, comment or instruction at `at`. Says whether to go on.
fn read_markup<'a>(
    reader: &mut Reader<&'a [u8]>,
    text: &'a str,
    at: usize,
    builder: &mut Builder<'a>,
) -> Result<bool, Broken> {
    match reader.read_event().map_err(|_| Broken)? {
        Event::Start(start) => {
            let tag = tag(&text[at + 1..=at + start.len()], start.name().as_ref().len(), at)?;
            builder.start(&tag, &text[at + start.len() + 2..])?;
        }
        Event::Empty(start) => {
            let tag = tag(&text[at + 1..=at + start.len()], start.name().as_ref().len(), at)?;
            builder.start(&tag, "")?;
            builder.end(at);
        }
        Event::End(_) => builder.end(at),
        Event::Decl(_) if at > 0 => builder.note(at, "an XML declaration stands behind the beginning of the document"),
        Event::Eof => return Ok(false),
        _ => {}
    }
    Ok(true)
}

/// A tag by its contents, which begin one byte behind `at`.
fn tag(contents: &str, name_length: usize, at: usize) -> Result<Tag<'_>, Broken> {
    let (name, attributes) = contents.split_at(name_length);
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    // A `<` cannot stand in a tag: the text before it was meant as text.
    if !starts_well || name.contains(['<', '/', '"', '\'', '=']) || memchr(b'<', attributes.as_bytes()).is_some() {
        return Err(Broken);
    }
    Ok(Tag { name, attributes, offset: at })
}
