//! Documents whose elements stand in each other as nobody would write them: all are set, and every word of them comes out.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use masthead::typeset::display::{Document, Glyph, Item};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, layout, typeset};
use proptest::prelude::{Strategy, prop_assert};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::conformance::{claims, faults_of, tests::validate};
use crate::tools::long;

/// So many files are held against readers of the standards that are not ours, which takes its time.
const VALIDATED: usize = 60;

static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::builtin);

/// Leads through most of the layout, and takes no word away.
const STYLE: &str = "@page { size: 260pt 200pt; margin: 20pt; @footnote { max-height: 60% } }
    @page wide { size: 360pt 200pt }
    .wide { page: wide } sup, .note { float: footnote } .two, article { columns: 2 } h1 { break-before: right }
    .span { column-span: all } aside { float: left; width: 40% } dd { float: right } figure { break-inside: avoid }
    td { padding: 2pt; border: 1pt solid } nav a::after { content: leader('.') target-counter(attr(href), page) }";

/// Takes words away, for what is noted elsewhere.
const HIDING_STYLE: &str =
    ".r a { float: footnote; content: target-content(attr(href)) } header { position: running(head) }";

/// What opens, and may hold anything. Those of the second list take words away: what runs in margins, what a sheet hides.
const OPENING: [&str; 58] = [
    "<p>",
    "<p class=note>",
    "<p dir=rtl>",
    "<sup>",
    "<h1>",
    "<h2>",
    "<h2 class=span>",
    "<aside>",
    "<nav>",
    "<a href='#x'>",
    "<a href='https://a.example/'>",
    "<figure>",
    "<figcaption>",
    "<table>",
    "<thead>",
    "<tbody>",
    "<tr>",
    "<td>",
    "<td rowspan=3>",
    "<td colspan=2>",
    "<th>",
    "<caption>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<ul>",
    "<ol start=9>",
    "<li>",
    "<article>",
    "<section>",
    "<div class=two>",
    "<div class=wide>",
    "<div class=span>",
    "<div id=x>",
    "<span class=r>",
    "<b>",
    "<ruby>",
    "<pre>",
    "<blockquote>",
    "<div style='float: right'>",
    "<b style='float: left; width: 30%'>",
    "<b style='display: block'>",
    "<b style='display: inline-block'>",
    "<b style='display: table'>",
    "<b style='display: table-cell'>",
    "<b style='display: list-item'>",
    "<div style='display: flex'>",
    "<div style='columns: 3'>",
    "<div style='break-before: page'>",
    "<div style='break-inside: avoid'>",
    "<div style='break-after: avoid'>",
    "<div style='clear: both'>",
    "<div style='height: 300pt'>",
    "<div style='min-height: 90pt; padding: 30pt'>",
    "<div style='margin: -9pt 0 40pt'>",
    "<b style='position: absolute'>",
    "<b style='position: relative'>",
    "<b style='float: footnote'>",
];
const HIDING: [&str; 12] = [
    "<header>",
    "<b style='position: running(head)'>",
    "<tr style='visibility: collapse'>",
    "<b style='visibility: hidden'>",
    "<b style='display: none'>",
    "<p hidden>",
    "<h1 style='visibility: hidden'>",
    "<a style='visibility: hidden' href='#x'>",
    "<b aria-hidden=true>",
    "<b role=img aria-label=said>",
    "<div role=heading>",
    "<p role=heading aria-level=3>",
];
/// What holds nothing.
const EMPTY: [&str; 5] =
    ["<br>", "<hr>", "<svg width=9 height=9></svg>", "<img src=a.png alt=''>", "<col style='visibility: collapse'>"];

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// One step in writing a document.
#[derive(Clone, Copy, Debug)]
enum Step {
    Open(&'static str),
    Close,
    Empty(&'static str),
    Word,
}

/// A document of up to so many steps.
fn steps(opening: Vec<&'static str>, empty: &'static [&'static str]) -> impl Strategy<Value = Vec<Step>> {
    let step = (0..10_u8, 0..opening.len(), 0..empty.len()).prop_map(move |(kind, opens, is_empty)| match kind {
        0..4 => Step::Open(opening[opens]),
        4..6 => Step::Close,
        6 => Step::Empty(empty[is_empty]),
        _ => Step::Word,
    });
    proptest::collection::vec(step, 1..40)
}

/// A word of one letter, which no line can cut; another one for each.
fn word(number: u32) -> char {
    char::from_u32(u32::from('\u{410}') + number).unwrap_or('\u{410}')
}

/// The document, and how many words it has: each is there once.
fn written(steps: &[Step]) -> (String, u32) {
    let (mut html, mut open, mut words) =
        (String::from("<!DOCTYPE html><html lang=en><title>t</title>"), Vec::new(), 0);
    for step in steps {
        match step {
            Step::Open(tag) => {
                html.push_str(tag);
                open.push(tag[1..].split([' ', '>']).next().unwrap_or_default());
            }
            Step::Close => {
                let name = open.pop().unwrap_or("p");
                let _ = write!(html, "</{name}>");
            }
            Step::Empty(tag) => html.push_str(tag),
            Step::Word => {
                html.extend([word(words), ' ']);
                words += 1;
            }
        }
    }
    (html, words)
}

fn options(style: &str) -> Options<'_> {
    Options { style, style_name: "a.css", html_name: "a.html", base_language: "en", info_date: None }
}

/// The letters of all pages.
fn drawn(document: &Document) -> BTreeSet<char> {
    let mut all = BTreeSet::new();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Item::Glyphs { run, .. } = item {
            let text = |glyph: &Glyph| run.text.get(glyph.text_start as usize..glyph.text_end as usize);
            all.extend(run.glyphs.iter().filter_map(text).flat_map(str::chars));
        }
    }
    all
}

/// Tries a claim about so many documents; the first that does not hold is told, as short as it can be made.
fn hold(steps: impl Strategy<Value = Vec<Step>>, claim: impl Fn(&[Step]) -> Result<(), TestCaseError>) {
    let (cases, rng_seed) = if long() { (20_000, RngSeed::Random) } else { (250, RngSeed::Fixed(4)) };
    let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&steps, |steps| claim(&steps)).unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn long_nests_lose_no_word() {
    hold(steps(OPENING.to_vec(), &EMPTY[..4]), |steps| {
        let (html, words) = written(steps);
        let drawn = drawn(&layout(&html, &options(STYLE), &NoPictures, &FONTS).value);
        for word in (0..words).map(word) {
            prop_assert!(drawn.contains(&word), "{word} of {html}");
        }
        Ok(())
    });
}

#[test]
fn long_nests_are_what_they_claim_whatever_is_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let (style, kept) = ([STYLE, HIDING_STYLE].concat(), RefCell::new(Vec::new()));
    hold(steps([&OPENING[..], &HIDING].concat(), &EMPTY), |steps| {
        let (html, _) = written(steps);
        let set = typeset(&html, &options(&style), &NoPictures, &FONTS);
        prop_assert!(set.as_ref().is_ok_and(|set| set.value.pages > 0), "{html}");
        let pdf = set.map(|set| set.value.pdf).unwrap_or_default();
        let mut kept = kept.borrow_mut();
        let path = folder.path().join(format!("{}.pdf", kept.len()));
        std::fs::write(&path, &pdf).unwrap();
        if claims(&path).0 {
            let faults = faults_of(&pdf);
            prop_assert!(faults.is_empty(), "{faults:?} of {html}");
            if kept.len() < VALIDATED {
                kept.push(path);
            }
        }
        Ok(())
    });
    validate(&kept.into_inner());
}
