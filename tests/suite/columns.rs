//! Real newsletters set in two columns: what stands in one column stands there too, in the same order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use masthead::typeset::display::{Document, Item, Owner};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, layout};
use pulldown_cmark::{Parser, html};

use crate::tools::{corpus, long};

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }

    fn is_out_of_reach(&self, _url: &str) -> bool {
        true
    }
}

const ONE: &str = "@page { size: A4 } html { font: 10pt/1.4 'Noto Serif' }";
const TWO: &str = "body { columns: 2; column-gap: 6mm; column-rule: .5pt solid gray } h1, h2 { column-span: all }";

/// The text of each element, its letters in order of their values (lines break elsewhere, and right-to-left text stands
/// on them in another order), and the order in which the elements begin.
fn text_by_element(document: &Document) -> (Vec<u32>, BTreeMap<u32, Vec<char>>) {
    let mut order = Vec::new();
    let mut texts: BTreeMap<u32, Vec<char>> = BTreeMap::new();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        let Item::Glyphs { run, owner: Owner::Node(tag), .. } = item else { continue };
        let text = texts.entry(*tag).or_insert_with(|| {
            order.push(*tag);
            Vec::new()
        });
        let mut ranges: Vec<(u32, u32)> = run.glyphs.iter().map(|glyph| (glyph.text_start, glyph.text_end)).collect();
        ranges.sort_unstable();
        ranges.dedup();
        let clusters = ranges.iter().filter_map(|(from, to)| run.text.get(*from as usize..*to as usize));
        text.extend(clusters.flat_map(str::chars).filter(|letter| !letter.is_whitespace()));
    }
    for text in texts.values_mut() {
        text.sort_unstable();
    }
    (order, texts)
}

fn nothing_is_lost(file: &Path, fonts: &Fonts) {
    let Ok(text) = std::fs::read_to_string(file) else { return };
    let mut page = String::new();
    html::push_html(&mut page, Parser::new_ext(&text, pulldown_cmark::Options::all()));
    let set = |style: &str| {
        let options = Options { style, base_language: "en", ..Options::default() };
        layout(&page, &options, &NoPictures, fonts).value
    };
    let (one_order, one) = text_by_element(&set(ONE));
    let (two_order, two) = text_by_element(&set(&format!("{ONE} {TWO}")));
    assert_eq!(one_order, two_order, "the order of {}", file.display());
    let differs = one.iter().find(|(tag, text)| two.get(tag) != Some(text));
    assert!(differs.is_none(), "{}: {differs:?}", file.display());
}

/// Sets every `step`th file of the newsletters; says how many.
fn newsletters(step: usize) -> Option<usize> {
    let files = crate::golden::files(&corpus("newsletters")?, "md");
    let fonts = Fonts::builtin();
    let some: Vec<_> = files.iter().step_by(step).collect();
    for file in &some {
        nothing_is_lost(file, &fonts);
    }
    Some(some.len())
}

#[test]
fn newsletters_lose_nothing_in_two_columns() {
    if let Some(count) = newsletters(40) {
        assert!(count > 5, "{count} newsletters");
    }
}

#[test]
fn long_every_newsletter_loses_nothing_in_two_columns() {
    if long() {
        println!("{:?} newsletters", newsletters(1));
    }
}
