//! JSON Feed 1.0 and 1.1, lenient about ids, versions and missing fields. Each item is read by itself, so that a
//! broken one costs no other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use super::draft::MOST_ITEMS;
use super::faults::{Fault, Faults};
use super::mend::{cut_object, extent, mended};
use super::scope::join;
use super::surrogates;
use super::tag::bytes;
use super::wire::{Base, DateText, Enclosure, Feed, Format, Item, PictureCredit, Relations, Text, WirePicture};
use crate::collect::commas::between_commas;
use crate::model::{duration, is_named_as_picture, web_fault};

/// Reads a document.
pub(super) fn read<'a>(text: &str, address: Option<&Url>) -> (Feed<'a>, Vec<Fault>) {
    let mut faults = Faults::default();
    let text = &*surrogates::whole(text, &mut faults);
    let feed = match top(text) {
        Ok(top) => feed(&top, address, &mut faults),
        Err(error) => {
            let offset = offset_of(text, error.line(), error.column());
            faults.add(offset, format!("broken JSON ({}); what could be read was read", reason(&error)));
            let mended = mended(text);
            let top = top(&mended).unwrap_or_else(|_| salvage(&mended, &mut faults));
            let feed = feed(&top, address, &mut faults);
            Feed { is_cut: top.is_cut || error.is_eof(), ends_in_item: top.ends_in_item, ..feed }
        }
    };
    (feed, faults.into_list(|offset| offset))
}

/// A feed with its items as they lie.
struct Top<'t> {
    /// All that it says but its items.
    rest: Value,
    /// Where an item stands, and its text: all of them as values at a time would take much memory.
    items: Vec<(usize, Cow<'t, str>)>,
    is_cut: bool,
    /// See [`Feed::ends_in_item`].
    ends_in_item: bool,
}

fn top(text: &str) -> Result<Top<'_>, serde_json::Error> {
    let mut fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
    let items: Vec<&RawValue> = match fields.remove("items") {
        Some(items) => serde_json::from_str(items.get())?,
        None => Vec::new(),
    };
    let start = text.as_ptr() as usize;
    let place = |item: &RawValue| item.get().as_ptr() as usize - start;
    let items = items.into_iter().map(|item| (place(item), Cow::Borrowed(item.get()))).collect();
    Ok(Top { rest: values(fields, |_, _| {}), items, is_cut: false, ends_in_item: false })
}

/// An item as a value. A field that nests too deep, or is a number too large, costs only itself; where it is an extension
/// (`_…`), which nobody asks for here, that is no loss.
fn value(text: &str, offset: usize, faults: &mut Faults) -> Result<Value, serde_json::Error> {
    let tell = |key: &str, error: &serde_json::Error| {
        if !key.starts_with('_') {
            faults.add(offset, format!("the field `{key}` of an item was left out ({})", reason(error)));
        }
    };
    serde_json::from_str(text)
        .or_else(|error| serde_json::from_str(text).map(|fields| values(fields, tell)).or(Err(error)))
}

/// An object of the fields that can be read; `tell` hears of the others.
fn values(fields: BTreeMap<String, &RawValue>, mut tell: impl FnMut(&str, &serde_json::Error)) -> Value {
    let mut read =
        |key: &str, raw: &RawValue| serde_json::from_str::<Value>(raw.get()).inspect_err(|error| tell(key, error)).ok();
    fields.into_iter().filter_map(|(key, raw)| read(&key, raw).map(|value| (key, value))).collect()
}

/// The whole items of a document that breaks off or is broken beyond mending.
fn salvage<'t>(text: &'t str, faults: &mut Faults) -> Top<'t> {
    let mut items = Vec::new();
    let Some(list) = text.find("\"items\"").and_then(|at| text[at..].find('[').map(|open| at + open + 1)) else {
        return Top { rest: Value::Null, items, is_cut: true, ends_in_item: false };
    };
    let mut at = list;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<IgnoredAny>();
        let length = if let Some(Ok(_)) = values.next() {
            items.push((at, Cow::Borrowed(&text[at..at + values.byte_offset()])));
            values.byte_offset()
        } else if let Some(length) = extent(&text[at..]).filter(|_| text[at..].starts_with('{')) {
            faults.add(at, "an item that is no JSON was left out");
            length
        } else {
            break;
        };
        at += length;
    }
    let (is_cut, mut ends_in_item) = (!text[at..].trim_start().starts_with(']'), false);
    if is_cut {
        // Without its id it would come again under another one, when the feed is whole.
        let is_known = |item: &String| serde_json::from_str(item).is_ok_and(|item| is_known(&item));
        let begun = cut_object(&text[at..], &TEXTS).filter(is_known);
        faults.add(
            at,
            match begun {
                Some(_) => "the feed ends in the middle of an item, which waits until the feed is whole",
                None => "the feed ends in the middle of an item; that item was left out",
            },
        );
        ends_in_item = begun.is_some();
        items.extend(begun.map(|item| (at, Cow::Owned(item))));
    }
    // What stands before the list is whole: close it behind it.
    let head = serde_json::from_str(&format!("{}]}}", &text[..list])).unwrap_or(Value::Null);
    Top { rest: head, items, is_cut, ends_in_item }
}

/// What is worth having though its end is missing; of half an address or half a date nothing can be told.
const TEXTS: [&str; 4] = ["title", "summary", "content_html", "content_text"];

fn is_known(item: &Value) -> bool {
    ["id", "url", "external_url"].iter().any(|key| !word(item, key).is_empty())
}

fn feed<'a>(whole: &Top<'_>, address: Option<&Url>, faults: &mut Faults) -> Feed<'a> {
    let (top, raw) = (&whole.rest, &whole.items);
    let is_feed = word(top, "version").contains("jsonfeed") || !raw.is_empty();
    let link = word(top, "home_page_url");
    let said = Url::parse(&word(top, "feed_url")).ok().filter(|url| web_fault(url).is_none());
    let address = address.or(said.as_ref());
    let base = join(address, &link).filter(|_| !link.is_empty()).or_else(|| address.cloned());
    let absolute = |written: Cow<'a, str>| match join(base.as_ref(), &written) {
        Some(url) if !written.is_empty() => Cow::Owned(url.into()),
        _ => written,
    };
    let hubs = list(top, "hubs").map(|hub| word(hub, "url")).filter(|url| !url.is_empty()).map(&absolute);
    let mut items = Vec::with_capacity(raw.len().min(MOST_ITEMS));
    for (offset, text) in raw {
        if items.len() >= MOST_ITEMS {
            faults.add(*offset, "the feed has more than 100,000 items; those beyond them were left out");
            break;
        }
        match value(text, *offset, faults) {
            Ok(value) if value.is_object() => items.push(item(&value, *offset, &absolute, faults)),
            Ok(_) => faults.add(*offset, "an item that is no object was left out"),
            Err(error) => faults.add(*offset, format!("an item was left out ({})", reason(&error))),
        }
    }
    Feed {
        format: if is_feed { Format::Json } else { Format::Unknown },
        title: plain(top, "title"),
        description: plain(top, "description"),
        link: absolute(link),
        language: word(top, "language"),
        picture: absolute(word(top, "icon")),
        authors: authors(top),
        relations: Relations {
            this: absolute(word(top, "feed_url")),
            next: absolute(word(top, "next_url")),
            hubs: hubs.collect(),
            ..Relations::default()
        },
        items,
        bases: vec![base.clone()],
        ..Feed::default()
    }
}

fn item<'a>(
    value: &Value,
    offset: usize,
    absolute: &impl Fn(Cow<'a, str>) -> Cow<'a, str>,
    faults: &mut Faults,
) -> Item<'a> {
    let html = word(value, "content_html");
    let content = if html.is_empty() {
        plain(value, "content_text")
    } else {
        Text { value: html, is_html: true, is_said: true, base: Base::default() }
    };
    let link = [word(value, "url"), word(value, "external_url")].into_iter().find(|link| !link.is_empty());
    let about = Some(word(value, "external_url")).filter(|about| !about.is_empty() && link.as_ref() != Some(about));
    let picture = [word(value, "image"), word(value, "banner_image")].into_iter().find(|image| !image.is_empty());
    if value.get("id").is_some_and(|id| !id.is_string()) {
        faults.add(offset, "the `id` of an item is no string; it was read as one");
    }
    let file = |file: &Value| Enclosure {
        address: absolute(word(file, "url")),
        media_type: word(file, "mime_type"),
        length: file.get("size_in_bytes").and_then(whole),
        duration: duration(&word(file, "duration_in_seconds")),
        title: word(file, "title"),
        is_picture: word(file, "mime_type").starts_with("image/")
            || is_named_as_picture(&word(file, "url"), &word(file, "mime_type")),
        is_rendition: false,
        caption: Cow::Borrowed(""),
        credit: PictureCredit::default(),
    };
    if value.get("tags").is_some_and(|tags| !tags.is_array() && !tags.is_null()) {
        faults.add(offset, "the `tags` of an item are no list; the words between its commas were read");
    }
    let is_no_length =
        |file: &Value| file.get("size_in_bytes").is_some_and(|size| !size.is_null() && whole(size).is_none());
    if list(value, "attachments").any(is_no_length) {
        faults.add(offset, "the `size_in_bytes` of a file is no number of bytes; it was left out");
    }
    let date = |key: &str| DateText { text: word(value, key), offset };
    Item {
        id: word(value, "id"),
        link: absolute(link.unwrap_or_default()),
        about: about.map(|about| (absolute(about), Cow::Borrowed(""))).into_iter().collect(),
        title: plain(value, "title"),
        summary: plain(value, "summary"),
        content,
        authors: authors(value),
        published: date("date_published"),
        updated: date("date_modified"),
        categories: tags(value),
        language: word(value, "language"),
        picture: picture
            .map(|picture| WirePicture { address: absolute(picture), ..WirePicture::default() }.into())
            .unwrap_or_default(),
        enclosures: list(value, "attachments").map(file).filter(|file| !file.address.is_empty()).collect(),
        offset,
        ..Item::default()
    }
}

/// The words of an item: a list, or text with commas between them.
fn tags<'a>(value: &Value) -> Vec<Cow<'a, str>> {
    let listed = list(value, "tags").filter_map(Value::as_str);
    let between = between_commas(value.get("tags").and_then(Value::as_str).unwrap_or_default());
    let words = listed.map(str::trim).filter(|word| !word.is_empty()).chain(between);
    words.map(|word| Cow::Owned(word.to_owned())).collect()
}

/// A number of bytes, as a number or as text.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => bytes(text),
        // `1e3` is whole, too; what is larger than this cannot be told from its neighbours.
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
        }),
        _ => None,
    }
}

/// A string or number as text.
fn word<'a>(value: &Value, key: &str) -> Cow<'a, str> {
    match value.get(key) {
        Some(Value::String(text)) => Cow::Owned(text.trim().to_owned()),
        Some(Value::Number(number)) => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(""),
    }
}

fn plain<'a>(value: &Value, key: &str) -> Text<'a> {
    Text { value: word(value, key), ..Text::default() }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// `authors` of version 1.1, else `author` of 1.0: objects with a name, or bare names; one alone may stand without a list.
fn authors<'a>(value: &Value) -> Vec<Cow<'a, str>> {
    let name = |author: &Value| match author {
        Value::String(name) => Cow::Owned(name.trim().to_owned()),
        author => word(author, "name"),
    };
    let mut names: Vec<Cow<'a, str>> = list(value, "authors").map(name).collect();
    if names.is_empty() {
        let one = value.get("authors").filter(|authors| authors.is_string() || authors.is_object());
        names.extend(one.or_else(|| value.get("author")).map(name));
    }
    names.retain(|name| !name.is_empty());
    names
}

/// What is wrong, without the place that serde repeats.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// The offset of a line and a column in bytes, both from 1, as serde counts them.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(nth) => text.match_indices('\n').nth(nth).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    (start + column.saturating_sub(1)).min(text.len())
}
