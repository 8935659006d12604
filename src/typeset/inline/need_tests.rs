//! Tests of lines that are short of room, and of which of many are chosen.

use super::tests::{lines, logical, paragraph, runs, style, text, texts};
use super::{Align, Hyphens, TextStyle, TextWrap};

/// As headings are: hyphenated only at need, cut where nothing else helps.
fn heading(language: &str) -> TextStyle {
    TextStyle { break_anywhere: true, ..style("serif", language) }
}

/// The lines of a text without spaces at their ends, `-` for the hyphens that they end in.
fn set(sample: &str, style: &TextStyle, width: f32) -> Vec<String> {
    let laid = lines(&paragraph(vec![text(sample, style)], Align::Start, style), width);
    laid.iter().map(|line| logical(line).trim().to_owned() + if is_hyphenated(line) { "-" } else { "" }).collect()
}

/// Whether a line shows a hyphen that its text does not have.
fn is_hyphenated(line: &super::Line) -> bool {
    runs(line).any(|(_, _, run)| run.glyphs.iter().any(|glyph| glyph.text_start == glyph.text_end))
}

#[test]
fn balance_cuts_no_word_that_fits() {
    let plain = heading("en");
    let balanced = TextStyle { wrap: TextWrap::Balance, ..plain.clone() };
    for (sample, width) in [
        ("Characterization of telecommunications infrastructure", 115.0),
        ("Our counterrevolutionary past", 108.0),
        ("An immeasurably long word", 72.0),
    ] {
        let (plain, balanced) = (set(sample, &plain, width), set(sample, &balanced, width));
        assert!(balanced.len() > 1 && balanced.len() <= plain.len(), "{plain:?} {balanced:?}");
        assert!(balanced.iter().all(|line| !line.ends_with('-')), "{balanced:?}");
        let words: Vec<&str> = balanced.iter().flat_map(|line| line.split(' ')).collect();
        assert_eq!(words, sample.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn words_wider_than_their_line_are_hyphenated_where_others_are_not() {
    assert_eq!(set("Misunderstanding", &heading("en"), 55.0), ["Misunder-", "standing"]);
    let german = set("Die Datenschutzgrundverordnung", &heading("de"), 105.0);
    assert_eq!(german, ["Die", "Datenschutzgrund-", "verordnung"]);
    // Nothing else is.
    assert_eq!(set("A misunderstanding", &heading("en"), 95.0), ["A", "misunderstanding"]);
    for hyphens in [Hyphens::None, Hyphens::Soft] {
        let style = TextStyle { hyphens, ..heading("en") };
        let laid = lines(&paragraph(vec![text("Misunderstanding", &style)], Align::Start, &style), 55.0);
        assert_eq!(laid.len(), 2);
        assert!(!logical(&laid[0]).ends_with("Misunder"));
        assert_eq!(laid[0].cut.as_deref(), (hyphens == Hyphens::None).then_some("Misunderstanding"));
    }
}

#[test]
fn a_word_of_several_styles_is_hyphenated_in_any_of_its_parts() {
    let plain = heading("en");
    let bold = TextStyle { weight: 700, ..plain.clone() };
    let content = vec![text("Mis", &plain), text("understanding", &bold), text("s", &plain)];
    let laid = lines(&paragraph(content, Align::Start, &plain), 77.0);
    assert_eq!(texts(&laid), ["Misunder", "standings"]);
    assert!(is_hyphenated(&laid[0]));
}

#[test]
fn numbers_are_cut_behind_their_signs() {
    for (sample, width, expected) in [
        ("1,234,567", 28.0, &["1,234,", "567"][..]),
        ("12.345.678,90", 40.0, &["12.345.", "678,90"]),
        ("12.345.678,90", 35.0, &["12.345.", "678,90"]),
        ("12:30:45", 25.0, &["12:", "30:", "45"]),
        ("1\u{202F}234\u{202F}567", 32.0, &["1\u{202F}234", "567"]),
        ("1\u{A0}234\u{A0}567", 32.0, &["1\u{A0}234", "567"]),
    ] {
        let style = heading("en");
        let laid = lines(&paragraph(vec![text(sample, &style)], Align::Start, &style), width);
        let texts: Vec<String> = laid.iter().map(|line| logical(line).trim_end().to_owned()).collect();
        assert_eq!(texts, expected);
        assert!(laid[0].cut.is_some(), "{laid:?}");
    }
    // Never before one.
    let style = heading("en");
    for width in [12.0, 18.0, 24.0, 30.0] {
        for line in lines(&paragraph(vec![text("123456,7890", &style)], Align::Start, &style), width) {
            assert!(!logical(&line).starts_with(','));
        }
    }
}

#[test]
fn a_last_line_is_no_short_word_alone_where_that_is_asked_for() {
    let sample = "It was the best of times, it was the worst of times, it was the age of wisdom, it was so.";
    let mut differs = 0;
    for align in [Align::Start, Align::Justify] {
        for width in 120..220 {
            let last = |wrap: TextWrap| {
                let style = TextStyle { wrap, ..style("serif", "en") };
                let laid = lines(&paragraph(vec![text(sample, &style)], align, &style), width as f32);
                (laid.len(), laid.last().map_or(0.0, |line| line.natural))
            };
            let (plain, pretty) = (last(TextWrap::Auto), last(TextWrap::Pretty));
            assert!(pretty.0 == plain.0 || align == Align::Justify, "{width}");
            differs += usize::from(plain.1 < width as f32 * 0.2 && pretty.1 >= width as f32 * 0.2);
        }
    }
    assert!(differs > 10, "{differs}");
}

#[test]
fn hyphens_stand_on_two_lines_in_a_row_at_most() {
    let sample = "Of different organizations, including Mozilla, the Electronic Frontier Foundation, and the University of \
        Michigan, it did not benefit from having been developed independently. We would like to thank our community \
        and our sponsors for making everything we have done possible. If your company or organization would like to \
        sponsor certificate issuance and revocation, phishing and malware status can be page-specific.";
    let ladders = |align: Align, of: usize| -> usize {
        let in_width = |width: u16| {
            let style = TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") };
            let laid = lines(&paragraph(vec![text(sample, &style)], align, &style), f32::from(width));
            let ends: Vec<bool> = laid.iter().map(is_hyphenated).collect();
            ends.windows(of).filter(|ends| ends.iter().all(|end| *end)).count()
        };
        (160..220).map(in_width).sum()
    };
    assert_eq!(ladders(Align::Start, 3), 0);
    // A third is better than lines that are torn apart.
    assert_eq!(ladders(Align::Justify, 4), 0);
    let thirds = ladders(Align::Justify, 3);
    assert!(thirds < 15, "{thirds}");
}
