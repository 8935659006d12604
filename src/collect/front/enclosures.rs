//! Sounds, films and documents in front matter.

use std::collections::HashSet;
use std::path::Path;

use super::NamedEnclosure;
use super::value::{Node, Value};
use crate::collect::plain;
use crate::error::Place;
use crate::model::{Enclosure, Medium, duration, media_type, media_type_of};

/// Keys whose values are files, whatever they are.
const FILES: [&str; 4] = ["enclosure", "enclosures", "attachment", "attachments"];
/// Keys whose values may be files: other programs write the name of a film's page, or its number there, too.
const MEDIA: [&str; 3] = ["audio", "video", "videos"];

/// The files that `find` finds under the keys of files, in the order of the keys, each once. `duration` is that of the
/// first sound or film that says none itself.
pub(super) fn read<'n>(
    find: impl Fn(&str) -> Option<&'n Node>,
    duration_of_post: Option<&str>,
    file: &Path,
) -> Vec<NamedEnclosure> {
    let mut found: Vec<NamedEnclosure> = Vec::new();
    let mut known = HashSet::new();
    for (keys, any) in [(FILES.as_slice(), true), (MEDIA.as_slice(), false)] {
        for node in keys.iter().filter_map(|key| find(key)).flat_map(each) {
            let Some(one) = one(node) else { continue };
            if (any || !one.media_type.is_empty()) && known.insert(one.address.clone()) {
                found.push(NamedEnclosure { file: one, place: Place::at(file, node.line, node.column) });
            }
        }
    }
    let heard = |named: &&mut NamedEnclosure| matches!(named.file.medium(), Medium::Audio | Medium::Video);
    if let Some(first) = found.iter_mut().find(heard) {
        first.file.duration = first.file.duration.or_else(|| duration(duration_of_post?));
    }
    found
}

/// The items of a list, or the one value.
fn each(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

/// A path or an address alone, or a mapping that says more.
fn one(node: &Node) -> Option<Enclosure> {
    let inside = |keys: &[&str]| keys.iter().find_map(|key| node.get(key)?.text());
    let address = node.text().or_else(|| inside(&["url", "src", "file", "path", "href", "address"]))?;
    // As WordPress has it: the address, its length and its type.
    let words: Vec<&str> = address.split_whitespace().collect();
    let (address, length, kind) = match words[..] {
        [address, length, kind] if length.bytes().all(|byte| byte.is_ascii_digit()) && kind.contains('/') => {
            (address.to_owned(), Some(length), Some(kind))
        }
        _ => (address.to_owned(), None, None),
    };
    let said = media_type(inside(&["type", "media_type", "mime_type"]).or(kind).unwrap_or_default());
    let title = inside(&["title", "name"]).map(plain::from_markdown).filter(|title| !title.is_empty());
    Some(Enclosure {
        media_type: if said.is_empty() { media_type_of(&address).unwrap_or_default().to_owned() } else { said },
        length: inside(&["length", "size"])
            .or(length)
            .and_then(|length| length.parse().ok())
            .filter(|length| *length > 0),
        duration: inside(&["duration"]).and_then(duration),
        kept: None,
        title,
        address,
    })
}
