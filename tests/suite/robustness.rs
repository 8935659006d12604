//! Documents that nobody would print: all are set, in time and memory in proportion to their length.

use std::fmt::Write as _;
use std::sync::Arc;

use masthead::typeset::display::{Document, Item};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, layout};

use crate::tools::{long, tool};

/// Nothing that grows in proportion asks this much more of the processor when it is four times as long.
const MOST: f64 = 8.0;

/// Less than this, in seconds, is not worth comparing.
const LEAST: f64 = 0.4;

struct OnePicture(Vec<u8>);

impl Resources for OnePicture {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        (!self.0.is_empty()).then(|| self.0.clone().into())
    }

    fn is_out_of_reach(&self, _url: &str) -> bool {
        self.0.is_empty()
    }
}

fn set(html: &str, style: &str, picture: &[u8]) -> (Document, Vec<String>) {
    let options = Options { style, style_name: "a.css", html_name: "a.html", base_language: "en", info_date: None };
    let set = layout(html, &options, &OnePicture(picture.to_vec()), &Fonts::builtin());
    (set.value, set.warnings.iter().map(ToString::to_string).collect())
}

/// How many letters stand on the pages.
fn letters(document: &Document) -> usize {
    let runs = document.pages.iter().flat_map(|page| &page.items).filter_map(|item| match item {
        Item::Glyphs { run, .. } => Some(run),
        _ => None,
    });
    let is_letter = |text: &str, from: u32, to: u32| {
        text.get(from as usize..to as usize).is_some_and(|text| !text.trim().is_empty())
    };
    runs.map(|run| run.glyphs.iter().filter(|glyph| is_letter(&run.text, glyph.text_start, glyph.text_end)).count())
        .sum()
}

/// The seconds that the processor spends on setting a document; time that others have it is not counted.
fn work(html: &str, style: &str) -> Option<f64> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.html"), html).unwrap();
    std::fs::write(path("a.css"), style).unwrap();
    let script = "TIMEFORMAT='%U %S'; time \"$0\" typeset a.html --style a.css -o a.pdf >/dev/null 2>&1";
    let output =
        tool("bash")?.args(["-c", script, env!("CARGO_BIN_EXE_masthead")]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let times = String::from_utf8(output.stderr).unwrap();
    Some(times.split_whitespace().map(|time| time.replace(',', ".").parse::<f64>().unwrap()).sum())
}

/// Sets a document of two lengths, one four times the other, and holds what they cost against each other.
fn grows_in_proportion(name: &str, count: usize, make: impl Fn(usize) -> (String, &'static str)) -> Document {
    let cost = |count: usize| {
        let (html, style) = make(count);
        work(&html, style)
    };
    if let (Some(short), Some(whole)) = (cost(count / 4), cost(count)) {
        assert!(whole <= short.max(LEAST) * MOST, "{name}: {short} s for {}, {whole} s for {count}", count / 4);
    }
    let (html, style) = make(count);
    set(&html, style, &[]).0
}

/// The counts of the short form and of the long one.
fn count(short: usize, whole: usize) -> usize {
    if long() { whole } else { short }
}

#[test]
fn long_paragraphs_are_set() {
    // A million characters in the long form.
    let words = count(5_000, 200_000);
    for style in ["p { text-align: justify }", "p { text-align: start }"] {
        let document = grows_in_proportion(style, words, |words| (format!("<p>{}", "word ".repeat(words)), style));
        assert_eq!(letters(&document), words * 4);
    }
}

#[test]
fn long_words_are_set() {
    let length = count(20_000, 1_000_000);
    let style = "p { text-align: justify }";
    let document = grows_in_proportion("a word", length, |length| (format!("<p>{}", "x".repeat(length)), style));
    assert_eq!(letters(&document), length);
    // A word that may not be broken runs out of its column, and that is told.
    let (document, warnings) = set(&format!("<p>{}", "x".repeat(500)), "p { overflow-wrap: normal }", &[]);
    assert_eq!(letters(&document), 500);
    assert!(warnings.iter().any(|warning| warning.contains("wider than their column")), "{warnings:?}");
}

#[test]
fn long_tables_are_set() {
    let rows = count(400, 10_000);
    let document = grows_in_proportion("a table", rows, |rows| {
        let mut html = "<table><thead><tr><th>head</th></tr></thead>".to_owned();
        for row in 0..rows {
            // Writing to a String cannot fail.
            let _ = write!(html, "<tr><td>r{row:05}</td><td>text</td></tr>");
        }
        (html, "")
    });
    assert!(letters(&document) >= rows * 10 + 4);
}

#[test]
fn rows_taller_than_many_pages_are_set() {
    let lines = count(400, 20_000);
    let document = grows_in_proportion("a row", lines, |lines| {
        (format!("<table><tr><td>{}</td><td>x</td></tr></table>", "line<br>".repeat(lines)), "")
    });
    assert_eq!(letters(&document), lines * 4 + 1);
}

#[test]
fn long_footnotes_and_many_are_set() {
    let style = "i { float: footnote } ::footnote-call, ::footnote-marker { content: none }";
    let words = count(4_000, 100_000);
    let document = grows_in_proportion("a note", words, |words| {
        (format!("<p>text<i>{}</i> after</p>", "word ".repeat(words)), style)
    });
    assert!(letters(&document) >= words * 4 + 9);
    let notes = count(1_000, 50_000);
    for html in ["<p>text<i>note</i></p>", "text<i>note</i> "] {
        let document = grows_in_proportion("notes", notes, |notes| (html.repeat(notes), style));
        assert!(letters(&document) >= notes * 8);
    }
}

#[test]
fn long_columns_are_set() {
    let paragraphs = count(400, 20_000);
    let style = "body { columns: 3 }";
    let document =
        grows_in_proportion("columns", paragraphs, |count| ("<p>some words of text</p>".repeat(count), style));
    assert!(letters(&document) >= paragraphs * 15);
}

#[test]
fn deep_nests_are_set_and_told() {
    let depth = count(2_000, 10_000);
    for element in ["div", "span", "ul><li", "blockquote", "table><tr><td", "b"] {
        let (document, warnings) =
            set(&(format!("<{element}>").repeat(depth) + "deep"), "li { list-style: none }", &[]);
        assert_eq!(letters(&document) % 4, 0, "{element}");
        assert!(letters(&document) >= 4, "{element}");
        assert!(warnings.iter().any(|warning| warning.contains("too deeply")), "{element}: {warnings:?}");
    }
}

#[test]
fn many_floats_are_set() {
    let floats = count(400, 10_000);
    let style = "i { float: left; width: 20pt }";
    let document = grows_in_proportion("floats", floats, |floats| ("<i>f</i>word ".repeat(floats), style));
    assert!(letters(&document) >= floats * 5);
}

#[test]
fn large_sheets_are_read() {
    let rules = count(2_000, 40_000);
    let document = grows_in_proportion("rules", rules, |rules| {
        let mut css = String::new();
        for rule in 0..rules {
            let _ = write!(css, ".c{rule} > p:nth-child(2n) {{ color: red; margin: {rule}pt }} ");
        }
        (format!("<style>{css}</style><p class=c1>text</p>"), "")
    });
    assert_eq!(letters(&document), 4);
}

#[test]
fn a_picture_taller_than_a_page_stands_on_one() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(4, 4_000).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let (document, _) = set("<p>before<p><img src=a.png alt=tall><p>after", "img { height: 9000pt }", png.get_ref());
    let pictures: Vec<f32> = document
        .pages
        .iter()
        .flat_map(|page| page.items.iter().map(move |item| (page.height, item)))
        .filter_map(|(height, item)| match item {
            Item::Image { rect, .. } => Some(height - rect.y - rect.height),
            _ => None,
        })
        .collect();
    assert!(matches!(pictures.as_slice(), [below] if *below > 0.0), "{pictures:?}");
    assert_eq!(letters(&document), 11);
}
