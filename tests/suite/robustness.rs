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
    let style = "p { text-align: justify }";
    // Letters, letters that join, digits, letters of which no font is at hand, signs that are joined into one.
    for (part, most) in [("x", 1_000_000), ("\u{628}", 300_000), ("\u{6F1}", 300_000), ("\u{E20}", 200_000)] {
        let length = count(30_000, most);
        let document = grows_in_proportion("a word", length, |length| (format!("<p>{}", part.repeat(length)), style));
        // A letter may be drawn in two parts.
        assert!(letters(&document) >= length, "{part}");
    }
    let women = count(15_000, 100_000);
    grows_in_proportion("a sign", women, |women| (format!("<p>{}", "\u{1F469}\u{200D}".repeat(women)), style));
    // A word that may not be broken runs out of its column, and that is told.
    let (document, warnings) = set(&format!("<p>{}", "x".repeat(500)), "p { overflow-wrap: normal }", &[]);
    assert_eq!(letters(&document), 500);
    assert!(warnings.iter().any(|warning| warning.contains("wider than its column")), "{warnings:?}");
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

/// What may stand around something: each with a place for what is inside.
const AROUND: [&str; 10] = [
    "<table><tr><td>{}</table>",
    "<table><tr><th>ab<td style='padding:9pt'>{}</table>",
    "<table><tr><td style='vertical-align:bottom'>{}<td><table><tr><td>cd</table></table>",
    "<table><tr><td rowspan=2>{}<td>ef<tr><td>gh</table>",
    "<div style='display:inline-block;width:100%'>{}</div>",
    "<div style='float:left;width:50%'>{}</div>",
    "<div style='columns:2'>{}</div>",
    "<ul><li>{}</ul>",
    "<div style='break-inside:avoid;padding:5pt;border:1pt solid'>{}</div>",
    "<div style='display:table'>ij<i style='float:footnote;line-height:118pt'>kl</i>{}</div>",
];

/// What is taller than a page, and can be cut or not.
const TALL: [&str; 5] = [
    "<div style='display:inline-block;height:300pt;width:9pt'>q</div>",
    "<div style='width:9pt'>i j k l m n o p q r s t u v w x y z</div>",
    "<table><tr><td style='padding:200pt 0 9pt'>q<td>r</table>",
    "<table><tr><td style='padding:9pt 0 200pt'>q<td>r</table>",
    "<div style='float:left'><div style='margin:200pt 0'>q</div></div>r",
];

#[test]
fn what_is_taller_than_a_page_is_set_within_anything() {
    let style = "@page { size: 200pt 150pt; margin: 15pt } td { padding: 2pt; border: 1pt solid }";
    let mut nests: Vec<String> = TALL.iter().map(|tall| (*tall).to_owned()).collect();
    for _ in 0..count(2, 3) {
        nests = nests.iter().flat_map(|inner| AROUND.iter().map(|around| around.replace("{}", inner))).collect();
    }
    for nest in nests {
        let (document, _) = set(&nest, style, &[]);
        let written = nest.split('<').filter_map(|tag| tag.split('>').nth(1)).flat_map(str::split_whitespace);
        let wanted: usize = written.map(str::len).sum();
        assert!(document.pages.len() < 60, "{} pages: {nest}", document.pages.len());
        assert!(letters(&document) >= wanted, "{} of {wanted} letters: {nest}", letters(&document));
    }
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

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// A text with some of its parts taken away, repeated or put elsewhere.
fn damaged(text: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(6) {
        let (from, to) = (numbers.below(letters.len()), numbers.below(letters.len()));
        let length = numbers.below(60).min(letters.len() - from);
        let part: Vec<char> = match numbers.below(3) {
            0 => letters.drain(from..from + length).collect(),
            1 => letters[from..from + length].repeat(1 + numbers.below(4)),
            _ => ['<', '>', '{', '}', ';', '"', '\u{202e}', '\u{200c}', 'ش', '9', '%', '\n'][numbers.below(12)]
                .to_string()
                .repeat(1 + numbers.below(3))
                .chars()
                .collect(),
        };
        if numbers.below(2) == 0 && !letters.is_empty() {
            let to = to.min(letters.len());
            letters.splice(to..to, part);
        }
    }
    letters.into_iter().collect()
}

const EVERYTHING: &str = "<html lang=en><title>T</title><body><header>Head</header><h1 id=a>One</h1><nav><ol><li>\
    <a href='#b'>Two</a></ol></nav><p class=x>Some words, <b>bold</b> and <i>italic</i>, a <a href='#b'>link</a><sup>\
    <a href='#n'>1</a></sup>.</p><div class=two><p>Text in a box that goes on for a line or two.<span class=note>A \
    note<span class=note>in it</span>.</span></p><ul><li>one<li>two</ul><blockquote>quoted</blockquote></div><table>\
    <caption>C</caption><thead><tr><th>h<sup>s</sup><th>k</thead><tr><td colspan=2>a<tr><td rowspan=3>b<td>c</table>\
    <figure><img src=a alt=x><figcaption>cap</figcaption></figure><aside>beside</aside><section class=wide><h2 id=b>Two\
    </h2><pre>a  b\nc</pre></section><p dir=rtl lang=fa>سلام دنیا <bdi>abc</bdi></p><ol class=notes><li id=n>note</ol>";

const SHEET: &str = "@page { size: 200pt 150pt; margin: 15pt; @top-left { content: string(title) element(head, last) } \
    @bottom-right { content: counter(page) ' of ' counter(pages) } @footnote { max-height: 60%; border-top: 1pt solid } } \
    @page wide:first { size: 300pt 150pt; margin: 10% } .wide { page: wide } .note { float: footnote } .x { orphans: 3 } \
    sup a { float: footnote; content: target-content(attr(href)); footnote-policy: block } .two { columns: 2 30pt } \
    h1 { string-set: title content(); break-before: right } h2 { column-span: all; break-after: avoid } img { width: 9% } \
    p::first-letter { initial-letter: 2 } p::first-line { font-variant: small-caps; font-size: 120% } aside { float: left; \
    width: 40%; margin: -2pt 1em } nav a::after { content: leader('.') target-counter(attr(href), page) } header { \
    position: running(head) } figure { break-inside: avoid } td { padding: 2pt; border: 1pt solid } ol { columns: 3 }";

#[test]
fn damaged_documents_and_sheets_are_set() {
    let mut numbers = Numbers(1);
    for number in 0..count(150, 20_000) {
        let html = if number % 3 == 0 { EVERYTHING.to_owned() } else { damaged(EVERYTHING, &mut numbers) };
        let css = if number % 3 == 1 { SHEET.to_owned() } else { damaged(SHEET, &mut numbers) };
        let set = std::panic::catch_unwind(|| set(&html, &css, &[]).0.pages.len());
        assert!(set.is_ok_and(|pages| (1..2_000).contains(&pages)), "{number}:\n{html}\n{css}");
    }
}
