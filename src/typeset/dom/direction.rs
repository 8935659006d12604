//! Language and direction of every node (HTML, 3.2.6.1 and 3.2.6.4).

use std::sync::Arc;

use unicode_bidi::{BidiClass, bidi_class};

use super::{Dom, NodeData, NodeId};
use crate::typeset::inline::Direction;

/// Fills in the inherited `lang` and `dir` of every node.
pub(super) fn resolve(dom: &mut Dom, base_language: &str) {
    dom.languages = vec![Arc::from(base_language)];
    let base_direction = if is_rtl_language(base_language) { Direction::Rtl } else { Direction::Ltr };
    for id in 0..dom.nodes.len() {
        let parent = dom.nodes[id].parent as usize;
        let (mut language, mut direction) =
            if id == 0 { (0, base_direction) } else { (dom.nodes[parent].language, dom.nodes[parent].direction) };
        if let NodeData::Element(element) = &dom.nodes[id].data {
            let lang = element.attribute("lang").or_else(|| element.attribute("xml:lang"));
            let lang = lang.and_then(tag);
            let dir = element.attribute("dir").map(str::to_ascii_lowercase);
            let is_root = &*element.name == "html";
            let isolates = &*element.name == "bdi" && dir.is_none();
            if let Some(lang) = lang {
                if is_root && dir.is_none() && is_rtl_language(&lang) {
                    direction = Direction::Rtl;
                } else if is_root && dir.is_none() {
                    direction = Direction::Ltr;
                }
                language = intern(&mut dom.languages, &lang);
            }
            // Without a strong letter `auto` means left to right, not what is around (HTML, 3.2.6.4).
            match dir.as_deref() {
                Some("rtl") => direction = Direction::Rtl,
                Some("ltr") => direction = Direction::Ltr,
                Some("auto") => direction = first_strong(dom, id as NodeId).unwrap_or_default(),
                _ if isolates => direction = first_strong(dom, id as NodeId).unwrap_or_default(),
                _ => {}
            }
        }
        dom.nodes[id].language = language;
        dom.nodes[id].direction = direction;
    }
}

/// A language tag as PDF has it (ISO 32000-1, 14.9.2; BCP 47, 2.1); `None` where it is none. Names of locales are common:
/// "en_US.UTF-8".
fn tag(lang: &str) -> Option<String> {
    let lang = lang.trim().split(['.', '@']).next()?.replace('_', "-");
    let mut subtags = lang.split('-');
    let primary = subtags.next()?;
    let is_primary = (2..=8).contains(&primary.len()) || matches!(primary, "x" | "X" | "i" | "I");
    let is_subtag = |subtag: &str| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric());
    let holds = is_primary && primary.bytes().all(|b| b.is_ascii_alphabetic()) && subtags.all(is_subtag);
    holds.then_some(lang)
}

fn intern(languages: &mut Vec<Arc<str>>, language: &str) -> u16 {
    // The first is that of what names none.
    if let Some(at) = languages.iter().skip(1).position(|known| &**known == language) {
        return at as u16 + 1;
    }
    // A hostile document may name any number of languages; past some hundreds they count as the base.
    if languages.len() >= 500 {
        return 0;
    }
    languages.push(Arc::from(language));
    (languages.len() - 1) as u16
}

/// Whether a language is written right to left.
pub(crate) fn is_rtl_language(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or(language).to_ascii_lowercase();
    matches!(primary.as_str(), "ar" | "fa" | "he" | "iw" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb" | "syr")
}

/// The direction of the first strong character inside a node.
pub(super) fn first_strong(dom: &Dom, id: NodeId) -> Option<Direction> {
    let subtree = &dom.nodes[id as usize..dom.node(id).end as usize];
    subtree
        .iter()
        .filter_map(|node| match &node.data {
            NodeData::Text(text) => Some(text),
            _ => None,
        })
        .flat_map(|text| text.chars())
        .find_map(|c| match bidi_class(c) {
            BidiClass::L => Some(Direction::Ltr),
            BidiClass::R | BidiClass::AL => Some(Direction::Rtl),
            _ => None,
        })
}
