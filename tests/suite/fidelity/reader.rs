//! A reader of tagged PDFs, on lopdf: the text of structure elements, where it stands, and where links lead.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use unicode_bidi::{BidiClass, bidi_class};

/// A piece of text on a page.
pub(super) struct Run {
    mcid: Option<i64>,
    /// The baseline, from the foot of the page.
    pub(super) y: f32,
    /// From where to where its letters reach, spaces at the end left out.
    pub(super) left: f32,
    pub(super) right: f32,
    /// Where the next glyph would stand.
    pen: f32,
    /// In the order it is shown.
    clusters: Vec<String>,
}

/// Whether a character takes its direction from what is around it.
pub(super) fn is_neutral(c: char) -> bool {
    use BidiClass::{AL, AN, EN, L, R};
    !matches!(bidi_class(c), L | R | AL | EN | AN)
}

/// Wide signs of punctuation whose right half is blank.
const HALF_BLANK: [char; 13] = ['、', '。', '，', '．', '」', '』', '）', '】', '〉', '》', '〕', '］', '｝'];

/// Characters that are never seen, and have no width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

impl Run {
    /// In logical order: what is written right to left is shown from its end. So is punctuation by itself in a document
    /// that is `rtl`.
    pub(super) fn text(&self, rtl: bool) -> String {
        let is_rtl = |c: char| matches!(bidi_class(c), BidiClass::R | BidiClass::AL);
        let all = || self.clusters.iter().flat_map(|cluster| cluster.chars());
        if all().any(is_rtl) || rtl && all().all(is_neutral) {
            self.clusters.iter().rev().map(String::as_str).collect()
        } else {
            self.clusters.concat()
        }
    }
}

/// The runs of each page that are part of the document, in the order of its content.
pub(super) fn pages(document: &Document) -> impl Iterator<Item = Vec<Run>> + '_ {
    let pages = document.get_pages().into_values();
    pages.map(|page| runs(document, page).into_iter().filter(|run| run.mcid.is_some()).collect())
}

/// The text of the whole structure tree, in its order.
pub(super) fn text(document: &Document, rtl: bool) -> String {
    let texts = texts(document, rtl);
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", document).unwrap().as_dict().unwrap();
    let mut out = vec![String::new()];
    walk(document, root, None, &texts, &mut out, Part::All);
    out.concat()
}

/// The text of each article, by the structure tree.
pub(super) fn articles(pdf: &[u8], rtl: bool) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let texts = texts(&document, rtl);
    let mut out = Vec::new();
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", &document).unwrap().as_dict().unwrap();
    walk(&document, root, None, &texts, &mut out, Part::Nothing);
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

/// Where the text of an element goes.
#[derive(Clone, Copy)]
enum Part {
    /// Into the only text there is.
    All,
    Nothing,
    Article(usize),
}

impl Part {
    fn index(self) -> Option<usize> {
        match self {
            Self::All => Some(0),
            Self::Nothing => None,
            Self::Article(index) => Some(index),
        }
    }
}

fn walk(
    document: &Document,
    element: &Dictionary,
    page: Option<ObjectId>,
    texts: &BTreeMap<(ObjectId, i64), String>,
    out: &mut Vec<String>,
    part: Part,
) {
    let role = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
    let part = match part {
        Part::Nothing | Part::Article(_) if role == b"Art" => {
            out.push(String::new());
            Part::Article(out.len() - 1)
        }
        part => part,
    };
    let is_block = matches!(role, b"P" | b"H1" | b"H2");
    if let (true, Some(article)) = (is_block, part.index()) {
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
                    walk(document, kid, page, texts, out, part);
                }
                None
            }
            _ => None,
        };
        if let (Some(content), Some(article)) = (content, part.index()) {
            out[article].push_str(texts.get(&content).map_or("", String::as_str));
        }
    }
}

/// The runs of a page, in the order of its content.
fn runs(document: &Document, page: ObjectId) -> Vec<Run> {
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let fonts = document.get_page_fonts(page).unwrap().into_iter();
    let fonts: BTreeMap<Vec<u8>, Font> = fonts.map(|(name, font)| (name, Font::read(document, font))).collect();
    let none = Font::default();
    let (mut font, mut size) = (&none, 0.0);
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
            "Tf" => {
                font = fonts.get(operands[0].as_name().unwrap()).unwrap_or(&none);
                size = operands[1].as_float().unwrap();
            }
            "Td" | "Tm" => {
                let [.., x, y] = operands.as_slice() else { continue };
                let (x, y) = (x.as_float().unwrap(), y.as_float().unwrap());
                runs.push(Run { mcid, y, left: x, right: x, pen: x, clusters: Vec::new() });
            }
            "TJ" => {
                let Some(run) = runs.last_mut() else { continue };
                font.show(&operands[0], size, run);
                if actual.is_none() {
                    let letters = codes(&operands[0]).map(|code| font.letters.get(&code).cloned().unwrap_or_default());
                    run.clusters.extend(letters);
                }
            }
            _ => {}
        }
    }
    runs
}

/// A font of a page.
#[derive(Default)]
struct Font {
    /// What each code stands for.
    letters: BTreeMap<u16, String>,
    /// The advance of each code, in thousandths of an em.
    widths: BTreeMap<u16, f32>,
}

impl Font {
    fn read(document: &Document, font: &Dictionary) -> Self {
        Self { letters: letters(document, font), widths: widths(document, font) }
    }

    /// Moves the pen of a run over a TJ array.
    fn show(&self, array: &Object, size: f32, run: &mut Run) {
        for item in array.as_array().unwrap() {
            if let Ok(back) = item.as_float() {
                run.pen -= back * size / 1000.0;
            }
            for code in item.as_str().ok().into_iter().flat_map(codes_of) {
                let width = self.widths.get(&code).copied().unwrap_or_default() * size / 1000.0;
                run.pen += width;
                let is_unseen = |text: &String| text.chars().all(|c| c.is_whitespace() || is_invisible(c));
                if let Some(letters) = self.letters.get(&code).filter(|letters| !is_unseen(letters)) {
                    // The blank half of a wide sign may stand beside the column.
                    let blank = if letters.ends_with(HALF_BLANK) { width / 2.0 } else { 0.0 };
                    run.right = run.right.max(run.pen - blank);
                }
            }
        }
    }
}

/// The advances that a composite font states (ISO 32000-1, 9.7.4.3).
fn widths(document: &Document, font: &Dictionary) -> BTreeMap<u16, f32> {
    let below = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array).unwrap();
    let below = document.dereference(&below[0]).unwrap().1.as_dict().unwrap();
    let list = below.get_deref(b"W", document).and_then(Object::as_array).unwrap();
    let mut widths = BTreeMap::new();
    let mut rest = list.iter();
    while let (Some(first), Some(second)) = (rest.next(), rest.next()) {
        let first = u16::try_from(first.as_i64().unwrap()).unwrap();
        if let Ok(each) = second.as_array() {
            widths.extend((first..).zip(each.iter().map(|width| width.as_float().unwrap())));
        } else if let (Ok(last), Some(width)) = (second.as_i64(), rest.next()) {
            let width = width.as_float().unwrap();
            widths.extend((first..=u16::try_from(last).unwrap()).map(|code| (code, width)));
        }
    }
    widths
}

fn codes(array: &Object) -> impl Iterator<Item = u16> + '_ {
    array.as_array().unwrap().iter().filter_map(|item| item.as_str().ok()).flat_map(codes_of)
}

fn codes_of(string: &[u8]) -> impl Iterator<Item = u16> + '_ {
    string.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
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

/// Where something leads.
pub(super) struct Landing {
    /// What it says.
    pub(super) said: String,
    /// The page that it leads to, from 1.
    pub(super) page: usize,
    /// The first line there, of the page and of each column.
    pub(super) found: Vec<String>,
}

impl Landing {
    fn new(document: &Document, said: &Object, to: &[Object], columns: usize) -> Self {
        let page = to[0].as_reference().unwrap();
        let page = document.get_pages().values().position(|id| *id == page).unwrap() + 1;
        Self { said: lopdf::decode_text_string(said).unwrap(), page, found: below(document, to, columns) }
    }
}

/// Where the links inside of a document lead; its text stands in so many columns.
pub(super) fn landings(pdf: &[u8], columns: usize) -> Vec<Landing> {
    let document = Document::load_mem(pdf).unwrap();
    let mut out = Vec::new();
    for page in document.get_pages().into_values() {
        for annotation in document.get_page_annotations(page).unwrap_or_default() {
            let Ok(action) = annotation.get_deref(b"A", &document).and_then(Object::as_dict) else { continue };
            let Ok(to) = action.get_deref(b"D", &document).and_then(Object::as_array) else { continue };
            out.push(Landing::new(&document, annotation.get(b"Contents").unwrap(), to, columns));
        }
    }
    out
}

/// Where the bookmarks lead.
pub(super) fn bookmarks(pdf: &[u8], columns: usize) -> Vec<Landing> {
    let document = Document::load_mem(pdf).unwrap();
    let items = document.objects.values().filter_map(|object| object.as_dict().ok());
    items
        .filter(|item| item.has(b"Title") && item.has(b"Dest"))
        .map(|item| {
            let to = item.get_deref(b"Dest", &document).and_then(Object::as_array).unwrap();
            Landing::new(&document, item.get(b"Title").unwrap(), to, columns)
        })
        .collect()
}

/// The first line of the document's own at or below a place: of the page, and of each column, since a place tells a height
/// alone.
fn below(document: &Document, to: &[Object], columns: usize) -> Vec<String> {
    let (page, top) = (to[0].as_reference().unwrap(), to[3].as_float().unwrap());
    let is_below = |run: &Run| run.mcid.is_some() && run.y <= top + 0.1;
    let all: Vec<Run> = runs(document, page).into_iter().filter(is_below).collect();
    let width =
        document.get_dictionary(page).unwrap().get(b"MediaBox").and_then(Object::as_array).unwrap()[2].as_float();
    let share = width.unwrap() / columns as f32;
    let column = |run: &Run| ((run.left / share) as usize).min(columns - 1);
    let in_column = |number: Option<usize>| {
        let own: Vec<&Run> = all.iter().filter(|run| number.is_none_or(|number| column(run) == number)).collect();
        let first = own.iter().map(|run| run.y).fold(0.0, f32::max);
        own.into_iter().filter(|run| (run.y - first).abs() < 0.1).map(|run| run.text(false)).collect()
    };
    std::iter::once(None).chain((0..columns).map(Some)).map(in_column).collect()
}
