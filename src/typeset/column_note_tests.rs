//! Footnotes that are called in columns: at the foot of the page, across all of it, in the order of their calls.

use std::fmt::Write as _;

use super::display::{Document, Item, Page};
use super::footnote_tests::with_notes;
use super::tests::{paragraphs, position, set, text, text_of_run, texts};

const TWO: &str = "body { margin: 0; columns: 2; column-gap: 20pt }";

/// Says a word for each line of the text (`b`), each call (its number) and each line of a note (`n`).
const WORDS: &str = "@page { size: 200pt 120pt; margin: 0; @footnote { margin: 0; padding: 0; border: none } }
    html { font-size: 8pt; line-height: 10pt; hyphens: manual } body, p, table, td, h1 { margin: 0; padding: 0 }
    .n { float: footnote } .all { column-span: all } .new { break-before: page } .next { break-before: column }
    .two { columns: 2; column-gap: 10pt } .three { columns: 3; column-gap: 5pt } .auto { column-fill: auto }
    ::footnote-call { content: counter(footnote); vertical-align: baseline; font-size: 8pt }
    ::footnote-marker { content: none }";

/// Words and how far down they stand.
fn words(page: &Page) -> Vec<(f32, String)> {
    let mut words: Vec<(f32, String)> = Vec::new();
    for item in &page.items {
        if let Item::Glyphs { y, run, .. } = item {
            words.extend(text_of_run(run).split_whitespace().map(|word| (*y, word.to_owned())));
        }
    }
    words.sort_by(|a, b| a.0.total_cmp(&b.0));
    words
}

/// Numbers that follow each other in no order that can be seen.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A document, and of how many lines each of its notes is.
#[derive(Default)]
struct Draft {
    html: String,
    lines: usize,
    notes: Vec<usize>,
}

impl Draft {
    fn line(&mut self, dice: &mut Dice, longest: u64) {
        let _ = write!(self.html, "b{}", self.lines);
        self.lines += 1;
        if longest == 0 || dice.below(3) > 0 {
            return;
        }
        let lines = if dice.below(4) == 0 { dice.below(longest) + 1 } else { 1 };
        let number = self.notes.len() + 1;
        let note: Vec<String> = (0..lines).map(|line| format!("n{number}.{line}")).collect();
        let _ = write!(self.html, " <span class=n>{}</span>", note.join("<br>"));
        self.notes.push(note.len());
    }

    fn block(&mut self, dice: &mut Dice, longest: u64) {
        let (start, between, end) = match dice.below(6) {
            0 => ("<p class=next>", "<br>", "</p>"),
            1 => ("<table><tr><td>", "<tr><td>", "</table>"),
            2 => ("<table><tr><td>", "<br>", "</table>"),
            _ => ("<p>", "<br>", "</p>"),
        };
        self.html += start;
        self.line(dice, longest);
        for _ in 0..dice.below(9) {
            self.html += between;
            self.line(dice, longest);
        }
        self.html += end;
        if dice.below(5) == 0 {
            self.html += "<div class=all>";
            self.line(dice, longest);
            self.html += "</div>";
        }
    }

    /// Columns, text between them, and pages that are broken by force, with notes of up to so many lines.
    fn make(seed: u64, longest: u64) -> Self {
        let (mut draft, mut dice) = (Self::default(), Dice(seed));
        for _ in 0..3 {
            let columns = ["two", "two auto", "three", "three auto", "two new", "three new"][dice.below(6) as usize];
            let _ = write!(draft.html, "<div class='{columns}'>");
            for _ in 0..=dice.below(5) {
                draft.block(&mut dice, longest);
            }
            draft.html += "</div><p>";
            draft.line(&mut dice, longest);
            draft.html += "</p>";
        }
        draft
    }
}

/// Holds what is so of every document: nothing is lost, notes are in order and never above text.
fn hold(draft: &Draft, document: &Document) {
    let pages: Vec<Vec<(f32, String)>> = document.pages.iter().map(words).collect();
    let found: Vec<&str> = pages.iter().flatten().map(|(_, word)| word.as_str()).collect();
    let in_notes: Vec<&str> = found.iter().filter(|word| word.starts_with('n')).copied().collect();
    let expected = draft.notes.iter().enumerate();
    let expected = expected.flat_map(|(note, lines)| (0..*lines).map(move |line| format!("n{}.{line}", note + 1)));
    assert_eq!(in_notes, expected.collect::<Vec<_>>(), "{}", draft.html);
    assert_eq!(found.iter().filter(|word| word.starts_with('b')).count(), draft.lines, "{}", draft.html);
    assert_eq!(found.len(), draft.lines + draft.notes.len() + in_notes.len(), "{}", draft.html);
    for page in &pages {
        let lowest = page.iter().filter(|(_, word)| !word.starts_with('n')).map(|(y, _)| *y).fold(-99.0, f32::max);
        let notes: Vec<f32> = page.iter().filter(|(_, word)| word.starts_with('n')).map(|(y, _)| *y).collect();
        let Some((first, last)) = notes.first().zip(notes.last()) else { continue };
        assert!(lowest < first - 9.0, "text at {lowest} over notes at {first}: {page:?} {}", draft.html);
        assert!((110.0..120.0).contains(last), "{page:?} {}", draft.html);
    }
}

/// The page on which a word stands.
fn page_of(document: &Document, wanted: &str) -> usize {
    let has = |page: &Page| words(page).iter().any(|(_, word)| word == wanted);
    let page = document.pages.iter().position(has);
    page.unwrap_or_else(|| panic!("{wanted}: {:?}", texts(document)))
}

#[test]
fn notes_of_columns_are_in_order_whatever_comes_between() {
    for seed in 0..300 {
        let draft = Draft::make(seed, 1);
        let document = set(&draft.html, WORDS);
        hold(&draft, &document);
        for number in 1..=draft.notes.len() {
            let call = page_of(&document, &number.to_string());
            let note = page_of(&document, &format!("n{number}.0"));
            assert_eq!(call, note, "note {number} of {}", draft.html);
        }
    }
}

#[test]
fn long_notes_of_columns_go_on_in_order() {
    for seed in 0..300 {
        let draft = Draft::make(seed, if seed % 3 == 0 { 40 } else { 8 });
        let document = set(&draft.html, WORDS);
        hold(&draft, &document);
        for number in 1..=draft.notes.len() {
            let call = page_of(&document, &number.to_string());
            assert!(call <= page_of(&document, &format!("n{number}.0")), "note {number} of {}", draft.html);
        }
        assert!(document.pages.len() < 80, "{} pages: {}", document.pages.len(), draft.html);
    }
}

#[test]
fn areas_with_edges_and_policies_of_notes_keep_their_order_in_columns() {
    let area = "@page { @footnote { margin-top: 7pt; padding-top: 3pt; border-top: 1pt solid } }";
    for seed in 300..500 {
        let draft = Draft::make(seed, [1, 5, 20][seed as usize % 3]);
        let policy = ["auto", "line", "block"][seed as usize / 3 % 3];
        let most = if seed % 2 == 0 { "@page { @footnote { max-height: 45pt } }" } else { "" };
        let style = format!("{WORDS} {area} {most} .n {{ footnote-policy: {policy} }}");
        let document = set(&draft.html, &style);
        hold(&draft, &document);
        assert!(document.pages.len() < 120, "{} pages: {}", document.pages.len(), draft.html);
    }
}

#[test]
fn notes_stand_below_all_columns() {
    let html = format!("<p>a<span class=n>first</span></p>{}<p>z<span class=n>second</span></p>", paragraphs(11));
    for style in [format!("{TWO} body {{ column-fill: auto }}"), TWO.to_owned()] {
        let document = with_notes(&html, &style);
        assert_eq!(document.pages.len(), 1, "{:?}", texts(&document));
        let page = &document.pages[0];
        assert_eq!(position(page, "first").0, position(page, "second").0);
        assert_eq!(position(page, "second").1, position(page, "a").1 + 90.0);
        assert_eq!(position(page, "first").1, position(page, "a").1 + 80.0);
    }
    let rtl = with_notes(&format!("<html dir=rtl lang=en>{html}"), TWO);
    assert!(position(&rtl.pages[0], "first").0 > 150.0 && position(&rtl.pages[0], "second").0 > 150.0);
}

#[test]
fn notes_are_as_wide_as_the_page() {
    let note = "a note that is too long for one of two columns";
    let document = with_notes(&format!("<p>a<span class=n>{note}</span></p>"), TWO);
    assert!(text(&document.pages[0]).ends_with(note));
    assert_eq!(position(&document.pages[0], "a note").1, position(&document.pages[0], "columns").1);
}

#[test]
fn all_columns_of_a_page_end_above_its_notes() {
    // The second note is known only when the second column is set; the first ends above it all the same.
    let html = format!("{}<p>z<span class=n>one<br>two<br>three</span></p>{}", paragraphs(8), paragraphs(12));
    let document = with_notes(&html, TWO);
    let all = texts(&document);
    assert!(all[0].contains("line7 z 1 line0 line1 line2 line3 line4"), "{all:?}");
    assert!(all[0].ends_with("1. one two three") && all[1].starts_with("line5"), "{all:?}");
    assert_eq!(position(&document.pages[0], "line6").1, position(&document.pages[0], "z").1 + 50.0, "{all:?}");
}

#[test]
fn notes_before_and_after_what_spans_columns_are_in_order() {
    let html = "<div class=two><p>First<span class=n>one</span> text.</p><div class=all>Spanning</div>\
        <p>Second<span class=n>two</span> text that goes on.</p><p>Third<span class=n>three</span></p></div>\
        <p>After<span class=n>four</span></p>";
    let document = with_notes(html, ".two { columns: 2 } .all { column-span: all }");
    let page = &document.pages[0];
    let from = position(page, "First").1;
    let down: Vec<f32> =
        ["one", "two", "three", "four"].iter().map(|note| (position(page, note).1 - from).round()).collect();
    assert_eq!(down, [60.0, 70.0, 80.0, 90.0]);
}
