//! A reader of tagged PDFs, on lopdf: the text of structure elements, and where links lead.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use unicode_bidi::{BidiClass, bidi_class};

/// A piece of text on a page.
struct Run {
    mcid: Option<i64>,
    /// The baseline.
    y: f32,
    /// In the order it is shown.
    clusters: Vec<String>,
}

/// Whether a character takes its direction from what is around it.
pub(super) fn is_neutral(c: char) -> bool {
    use BidiClass::{AL, AN, EN, L, R};
    !matches!(bidi_class(c), L | R | AL | EN | AN)
}

impl Run {
    /// In logical order: what is written right to left is shown from its end. So is punctuation by itself in a document
    /// that is `rtl`.
    fn text(&self, rtl: bool) -> String {
        let is_rtl = |c: char| matches!(bidi_class(c), BidiClass::R | BidiClass::AL);
        let all = || self.clusters.iter().flat_map(|cluster| cluster.chars());
        if all().any(is_rtl) || rtl && all().all(is_neutral) {
            self.clusters.iter().rev().map(String::as_str).collect()
        } else {
            self.clusters.concat()
        }
    }
}

/// The text of each article, by the structure tree.
pub(super) fn articles(pdf: &[u8], rtl: bool) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let texts = texts(&document, rtl);
    let mut out = Vec::new();
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", &document).unwrap().as_dict().unwrap();
    walk(&document, root, None, &texts, &mut out, None);
    out
}

/// The text of each marked-content sequence, by page and number.
fn texts(document: &Document, rtl: bool) -> BTreeMap<(ObjectId, i64), String> {
    let mut texts: BTreeMap<(ObjectId, i64), String> = BTreeMap::new();
    for page in document.get_pages().into_values() {
        for run in runs(document, page) {
            if let Some(mcid) = run.mcid {
                texts.entry((page, mcid)).or_default().push_str(&run.text(rtl));
            }
        }
    }
    texts
}

fn walk(
    document: &Document,
    element: &Dictionary,
    page: Option<ObjectId>,
    texts: &BTreeMap<(ObjectId, i64), String>,
    out: &mut Vec<String>,
    article: Option<usize>,
) {
    let role = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
    let article = if role == b"Art" {
        out.push(String::new());
        Some(out.len() - 1)
    } else {
        article
    };
    let is_block = matches!(role, b"P" | b"H1" | b"H2");
    if let (true, Some(article)) = (is_block, article) {
        out[article].push('\n');
    }
    let page = element.get(b"Pg").and_then(Object::as_reference).ok().or(page);
    let kids = match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    };
    for kid in kids {
        let content = match &kid {
            Object::Integer(mcid) => page.map(|page| (page, *mcid)),
            Object::Dictionary(kid) => {
                kid.get(b"Pg").and_then(Object::as_reference).ok().zip(kid.get(b"MCID").and_then(Object::as_i64).ok())
            }
            Object::Reference(id) => {
                if let Ok(kid) = document.get_dictionary(*id) {
                    walk(document, kid, page, texts, out, article);
                }
                None
            }
            _ => None,
        };
        if let (Some(content), Some(article)) = (content, article) {
            out[article].push_str(texts.get(&content).map_or("", String::as_str));
        }
    }
}

/// The runs of a page, in the order of its content.
fn runs(document: &Document, page: ObjectId) -> Vec<Run> {
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let fonts: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = document
        .get_page_fonts(page)
        .unwrap()
        .into_iter()
        .map(|(name, font)| (name, letters(document, font)))
        .collect();
    let none = BTreeMap::new();
    let mut font = &none;
    let mut runs: Vec<Run> = Vec::new();
    let (mut mcid, mut actual, mut depth) = (None, None::<String>, Vec::new());
    for operation in &content.operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "BDC" | "BMC" => {
                let properties = operands.get(1).and_then(|properties| properties.as_dict().ok());
                if let Some(own) = properties.and_then(|own| own.get(b"MCID").ok()?.as_i64().ok()) {
                    mcid = Some(own);
                    depth.push("content");
                } else if let Some(text) = properties.and_then(|own| own.get(b"ActualText").ok()) {
                    actual = Some(lopdf::decode_text_string(text).unwrap());
                    depth.push("actual");
                } else {
                    depth.push("artefact");
                }
            }
            "EMC" => match depth.pop() {
                Some("content") => mcid = None,
                Some("actual") => {
                    if let (Some(text), Some(run)) = (actual.take(), runs.last_mut()) {
                        run.clusters.push(text);
                    }
                }
                _ => {}
            },
            "Tf" => font = fonts.get(operands[0].as_name().unwrap()).unwrap_or(&none),
            "Td" => {
                let y = operands[1].as_float().unwrap();
                runs.push(Run { mcid, y, clusters: Vec::new() });
            }
            "TJ" if actual.is_none() => {
                if let Some(run) = runs.last_mut() {
                    for code in codes(&operands[0]) {
                        run.clusters.push(font.get(&code).cloned().unwrap_or_default());
                    }
                }
            }
            _ => {}
        }
    }
    runs
}

fn codes(array: &Object) -> Vec<u16> {
    let items = array.as_array().unwrap();
    let strings = items.iter().filter_map(|item| item.as_str().ok());
    strings.flat_map(|text| text.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))).collect()
}

/// What each code of a font stands for.
fn letters(document: &Document, font: &Dictionary) -> BTreeMap<u16, String> {
    let map = font.get_deref(b"ToUnicode", document).unwrap().as_stream().unwrap();
    let map = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
    let mut letters = BTreeMap::new();
    for line in map.lines() {
        let parts: Vec<&str> = line.split(['<', '>']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if let [code, text] = parts[..]
            && let Ok(code) = u16::from_str_radix(code, 16)
        {
            let units: Vec<u16> =
                (0..text.len() / 4).map(|at| u16::from_str_radix(&text[4 * at..4 * at + 4], 16).unwrap()).collect();
            letters.insert(code, String::from_utf16(&units).unwrap());
        }
    }
    letters
}

/// For each link inside of the document: what it says, and the text below where it leads.
pub(super) fn landings(pdf: &[u8]) -> Vec<(String, String)> {
    let document = Document::load_mem(pdf).unwrap();
    let mut out = Vec::new();
    for page in document.get_pages().into_values() {
        for annotation in document.get_page_annotations(page).unwrap_or_default() {
            let Ok(action) = annotation.get_deref(b"A", &document).and_then(Object::as_dict) else { continue };
            let Ok(to) = action.get_deref(b"D", &document).and_then(Object::as_array) else { continue };
            let said = lopdf::decode_text_string(annotation.get(b"Contents").unwrap()).unwrap();
            out.push((said, below(&document, to)));
        }
    }
    out
}

/// For each bookmark: what it says, and the text below where it leads.
pub(super) fn bookmarks(pdf: &[u8]) -> Vec<(String, String)> {
    let document = Document::load_mem(pdf).unwrap();
    let items = document.objects.values().filter_map(|object| object.as_dict().ok());
    items
        .filter(|item| item.has(b"Title") && item.has(b"Dest"))
        .map(|item| {
            let said = lopdf::decode_text_string(item.get(b"Title").unwrap()).unwrap();
            let to = item.get_deref(b"Dest", &document).and_then(Object::as_array).unwrap();
            (said, below(&document, to))
        })
        .collect()
}

/// The first text of the document's own at or below a place.
fn below(document: &Document, to: &[Object]) -> String {
    let (page, top) = (to[0].as_reference().unwrap(), to[3].as_float().unwrap());
    let runs = runs(document, page);
    let mut below: Vec<&Run> = runs.iter().filter(|run| run.mcid.is_some() && run.y <= top + 0.1).collect();
    below.sort_by(|a, b| b.y.total_cmp(&a.y));
    let first = below.first().map_or(0.0, |run| run.y);
    below.iter().filter(|run| (run.y - first).abs() < 0.1).map(|run| run.text(false)).collect()
}
