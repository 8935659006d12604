//! The same display list written twice, by us and by krilla, must come out as the same document.

use std::fmt::Write;

use krilla::configure::Validator;
use lopdf::{Dictionary, Document, Object};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, layout, typeset};
use tempfile::TempDir;

use super::krilla::written;
use super::tests::{EVERYTHING, Pictures, STYLE};
use crate::tools::output_of;

/// What a file says, as its readers see it.
#[derive(Debug, PartialEq, Eq)]
struct Facts {
    links: Vec<usize>,
    bookmarks: Vec<String>,
    /// The elements of the structure that show anything, a line each: depth, type, alternative, spans.
    structure: String,
    /// Without spaces: pdftotext finds some within the Persian words of krilla.
    letters: String,
}

/// `None` where there is no pdftotext.
fn facts(folder: &TempDir, pdf: &[u8]) -> Option<Facts> {
    let path = folder.path().join("read.pdf");
    std::fs::write(&path, pdf).unwrap();
    let text = output_of("pdftotext", &[path.to_str().unwrap(), "-"])?;
    // Marks of direction are pdftotext's; a hyphen of ours has no text, and krilla's is a soft one.
    let unsaid =
        |c| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{AD}');
    let text: String = text.replace("\u{AD}\n", "").chars().filter(|c| !unsaid(*c)).collect();
    let document = Document::load_mem(pdf).unwrap();
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", &document).unwrap().as_dict().unwrap();
    let mut structure = String::new();
    elements(&document, root, 0, &mut structure);
    let pages = document.get_pages();
    Some(Facts {
        links: pages.values().map(|page| document.get_page_annotations(*page).map_or(0, |all| all.len())).collect(),
        bookmarks: bookmarks(&document),
        structure,
        letters: text.split_whitespace().collect(),
    })
}

/// Appends what shows anything below an element; whether anything does.
fn elements(document: &Document, of: &Dictionary, depth: usize, lines: &mut String) -> bool {
    let Ok(kids) = of.get_deref(b"K", document) else { return false };
    let kids = kids.as_array().cloned().unwrap_or_else(|_| vec![kids.clone()]);
    let mut shows = false;
    for kid in &kids {
        let kid = document.dereference(kid).unwrap().1;
        // A number is content of a page; so is a dictionary without a type of structure.
        let Ok(role) = kid.as_dict().and_then(|kid| kid.get(b"S")).and_then(Object::as_name) else {
            shows = true;
            continue;
        };
        let element = kid.as_dict().unwrap();
        let mut line = format!("{:depth$}{}", "", String::from_utf8_lossy(role));
        if let Ok(alt) = element.get_deref(b"Alt", document) {
            write!(line, " alt {:?}", lopdf::decode_text_string(alt).unwrap()).unwrap();
        }
        for name in ["ColSpan", "RowSpan"] {
            if let Some(many) = attribute(document, element, name).filter(|many| *many > 1) {
                write!(line, " {name} {many}").unwrap();
            }
        }
        let before = lines.len();
        writeln!(lines, "{line}").unwrap();
        if elements(document, element, depth + 1, lines) {
            shows = true;
        } else {
            lines.truncate(before);
        }
    }
    shows
}

fn attribute(document: &Document, element: &Dictionary, name: &str) -> Option<i64> {
    let all = element.get_deref(b"A", document).ok()?;
    let all = all.as_array().cloned().unwrap_or_else(|_| vec![all.clone()]);
    let named =
        |one: &Object| document.dereference(one).ok()?.1.as_dict().ok()?.get(name.as_bytes()).ok()?.as_i64().ok();
    all.iter().find_map(named)
}

fn bookmarks(document: &Document) -> Vec<String> {
    fn below(document: &Document, of: &Dictionary, depth: usize, labels: &mut Vec<String>) {
        let mut next = of.get_deref(b"First", document).ok();
        while let Some(entry) = next.and_then(|entry| entry.as_dict().ok()) {
            let title = lopdf::decode_text_string(entry.get_deref(b"Title", document).unwrap()).unwrap();
            labels.push(format!("{:depth$}{title}", ""));
            below(document, entry, depth + 1, labels);
            next = entry.get_deref(b"Next", document).ok();
        }
    }
    let mut labels = Vec::new();
    if let Ok(outlines) = document.catalog().unwrap().get_deref(b"Outlines", document) {
        below(document, outlines.as_dict().unwrap(), 0, &mut labels);
    }
    labels
}

const PERSIAN: &str = "<h2>نیم‌فاصله</h2><p>نیم‌فاصله حروف را از هم جدا می‌کند و واژه را یک‌پارچه نگه می‌دارد؛ شماره‌ی ۱۴۰۵ و HTML را ببینید.</p>";
const ENGLISH: &str =
    "<h2>Type</h2><p>Words, and more words, set in lines of even length, each as long as the next.</p>";

#[test]
fn krilla_says_the_same_of_the_same_display_list_and_needs_no_less_room() {
    let (fonts, folder) = (Fonts::builtin(), TempDir::new().unwrap());
    let whole = |language: &str, text: &str, times| {
        format!("<html lang={language}><title>t</title><h1>t</h1>{}", text.repeat(times))
    };
    // A level that was skipped is mended on the way to our file.
    let everything = EVERYTHING.replace("h4", "h3");
    for (name, html, style) in [
        ("everything", everything.clone(), STYLE),
        ("everything rtl", everything.replace("lang=\"en\"", "lang=\"fa\" dir=\"rtl\""), STYLE),
        ("english", whole("en", ENGLISH, 400), ""),
        ("persian", whole("\"fa\" dir=rtl", PERSIAN, 200), ""),
    ] {
        let options = Options { style, html_name: name, ..Options::default() };
        let ours = typeset(&html, &options, &Pictures, &fonts).unwrap().value.pdf;
        let document = layout(&html, &options, &Pictures, &fonts).value;
        for standard in [Validator::UA1, Validator::A2_A] {
            let theirs = written(&document, &fonts, standard).unwrap_or_else(|faults| panic!("{name}: {faults}"));
            let (Some(own), Some(other)) = (facts(&folder, &ours), facts(&folder, &theirs)) else { return };
            assert_eq!(own, other, "{name}");
            let ratio = ours.len() as f64 / theirs.len() as f64;
            println!("{name}: {} bytes, krilla {} ({ratio:.2})", ours.len(), theirs.len());
            assert!(ratio < 1.1, "{name}: {} bytes, krilla {}", ours.len(), theirs.len());
        }
    }
}

#[test]
fn krilla_refuses_what_does_not_conform() {
    let fonts = Fonts::builtin();
    let options = Options::default();
    let html = "<html lang=en><title>t</title><h1>a</h1><p>a <img src=a.png> b";
    let document = layout(html, &options, &Pictures, &fonts).value;
    let refused = written(&document, &fonts, Validator::UA1).unwrap_err();
    assert!(refused.contains("MissingAltText"), "{refused}");
}
