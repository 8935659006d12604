//! Tests of inline layout.

use std::sync::Arc;

use proptest::prelude::{Strategy, any, prop, proptest};

use super::{
    Align, Decorating, Decoration, Direction, Fragment, Hyphens, Inline, Line, LineBreak, Paragraph, Room, TextStyle,
    TextWrap, WhiteSpace, intrinsic_widths, layout,
};
use crate::typeset::display::{Color, GlyphRun};
use crate::typeset::fonts::Fonts;
use crate::typeset::shape::{self, Shaper};

/// A plain style at 10 points.
pub(in crate::typeset) fn style(family: &str, language: &str) -> TextStyle {
    TextStyle {
        families: vec![family.to_owned()].into(),
        size: 10.0,
        weight: 400,
        italic: false,
        slants: true,
        color: Color::BLACK,
        language: language.into(),
        letter_spacing: 0.0,
        word_spacing: 0.0,
        features: Vec::new().into(),
        white_space: WhiteSpace::Normal,
        hyphens: Hyphens::Manual,
        hyphen: None,
        hyphen_limits: [0; 3],
        wrap: TextWrap::Auto,
        decorations: Arc::default(),
        tab_size: 8,
        baseline_shift: 0.0,
        line_height: None,
        break_anywhere: false,
        keep_all: false,
        break_all: false,
        line_break: LineBreak::Auto,
    }
}

/// Text in a style.
pub(in crate::typeset) fn text(text: &str, style: &TextStyle) -> Inline {
    Inline::Text { text: text.into(), style: Arc::new(style.clone()), tag: None, link: None }
}

/// A paragraph, from right to left when its language is Persian or Arabic.
pub(in crate::typeset) fn paragraph(content: Vec<Inline>, align: Align, strut: &TextStyle) -> Paragraph {
    let rtl = matches!(&*strut.language, "fa" | "ar");
    Paragraph {
        content,
        direction: if rtl { Direction::Rtl } else { Direction::Ltr },
        align,
        align_last: None,
        indent: 0.0,
        line_height: 14.0,
        strut: Arc::new(strut.clone()),
        first_line: Vec::new(),
        goes_on: false,
    }
}

/// The lines of a paragraph in a column.
pub(in crate::typeset) fn lines(paragraph: &Paragraph, width: f32) -> Vec<Line> {
    let fonts = Fonts::builtin();
    layout(paragraph, &mut Shaper::new(&fonts), &mut |_| Room { left: 0.0, width })
}

pub(super) fn runs(line: &Line) -> impl Iterator<Item = (f32, f32, &GlyphRun)> {
    line.fragments.iter().filter_map(|fragment| match fragment {
        Fragment::Glyphs { x, width, run, .. } => Some((*x, *width, run)),
        _ => None,
    })
}

/// The clusters of a line in logical order, joined.
pub(super) fn logical(line: &Line) -> String {
    let mut clusters: Vec<(u32, &str)> = Vec::new();
    for (_, _, run) in runs(line) {
        for glyph in &run.glyphs {
            clusters.push((glyph.text_start, &run.text[glyph.text_start as usize..glyph.text_end as usize]));
        }
    }
    clusters.sort_unstable();
    clusters.dedup();
    clusters.into_iter().map(|(_, text)| text).collect()
}

pub(super) fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(logical).collect()
}

/// The x of the first glyph whose cluster is `wanted`.
pub(super) fn position(line: &Line, wanted: &str) -> f32 {
    for (x, _, run) in runs(line) {
        let mut pen = x;
        for glyph in &run.glyphs {
            if &run.text[glyph.text_start as usize..glyph.text_end as usize] == wanted {
                return pen;
            }
            pen += glyph.advance;
        }
    }
    panic!("no `{wanted}` on the line");
}

const ENGLISH: &str = "The compositor took each letter out of the case, set it in his stick, and justified the line \
    by spacing; typographical considerations notwithstanding, the efficiency of the office depended on it.";

#[test]
fn program_text_has_its_own_signs_whatever_letters_stand_before_them() {
    let fonts = Fonts::builtin();
    for (language, family) in [("fa", "vazirmatn"), ("ar", "noto naskh arabic"), ("en", "serif")] {
        let (around, code) = (style(family, language), style("monospace", language));
        let content = vec![text("گزینهٔ ", &around), text("--now, $x, (b) [1] \"سلام دنیا\"); } // 2", &code)];
        let lines = lines(&paragraph(content, Align::Start, &around), 900.0);
        let [mut own, mut others] = [String::new(), String::new()];
        for (_, _, run) in lines.iter().flat_map(runs) {
            let is_own = fonts.face(run.face).is_some_and(|face| face.family == "noto sans mono");
            let out = if is_own { &mut own } else { &mut others };
            out.push_str(&crate::typeset::tests::text_of_run(run));
        }
        assert!(!others.contains(|c: char| c.is_ascii_graphic()) && others.contains("گزینهٔ"), "{language}: {others}");
        assert!(own.contains("--now") && !own.contains('س'), "{language}: {own}");
    }
}

#[test]
fn a_keycap_and_a_shade_of_skin_are_one_sign() {
    let style = style("serif", "en");
    for sign in [
        "1\u{FE0F}\u{20E3}",
        "#\u{20E3}",
        "\u{1F44D}\u{1F3FD}",
        "\u{270C}\u{1F3FF}",
        "\u{1F469}\u{1F3FD}\u{200D}\u{1F680}",
    ] {
        let lines = lines(&paragraph(vec![text(&format!("a {sign} b"), &style)], Align::Start, &style), 200.0);
        let glyphs = lines[0].fragments.iter().flat_map(|fragment| match fragment {
            Fragment::Glyphs { run, .. } => run.glyphs.iter().map(|glyph| (run.face, *glyph)).collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        let shown: Vec<_> = glyphs.filter(|(_, glyph)| glyph.advance > 0.0).collect();
        // Two letters, two spaces, and the sign.
        assert_eq!(shown.len(), 5, "{sign}: {shown:?}");
    }
}

#[test]
fn white_space_collapses_across_items() {
    let style = style("serif", "en");
    let content = vec![text("  one \n", &style), text(" two\t", &style), text("  three  ", &style)];
    assert_eq!(texts(&lines(&paragraph(content, Align::Start, &style), 500.0)), ["one two three"]);
}

#[test]
fn preserved_white_space_keeps_spaces_tabs_and_breaks() {
    let pre = TextStyle { white_space: WhiteSpace::Pre, ..style("monospace", "en") };
    let laid = lines(&paragraph(vec![text("a  b\n\tc\n\nd\n", &pre)], Align::Start, &pre), 20.0);
    assert_eq!(texts(&laid), ["a  b", "        c", "", "d"]);
    let line = TextStyle { white_space: WhiteSpace::PreLine, ..pre };
    let laid = lines(&paragraph(vec![text("a  b \n c", &line)], Align::Start, &line), 500.0);
    assert_eq!(texts(&laid), ["a b", "c"]);
}

#[test]
fn nowrap_never_breaks_and_is_reported_as_overfull() {
    let nowrap = TextStyle { white_space: WhiteSpace::Nowrap, ..style("serif", "en") };
    let laid = lines(&paragraph(vec![text("one two three", &nowrap)], Align::Start, &nowrap), 20.0);
    assert_eq!(laid.len(), 1);
    assert!(laid[0].natural > laid[0].available);
}

#[test]
fn forced_breaks_end_lines_and_a_last_one_adds_none() {
    let style = style("serif", "en");
    let content = vec![text("one ", &style), Inline::Break, text(" two", &style), Inline::Break];
    assert_eq!(texts(&lines(&paragraph(content, Align::Start, &style), 500.0)), ["one", "two"]);
}

#[test]
fn east_asian_line_breaks_in_the_source_are_not_spaces() {
    let style = style("serif", "ja");
    let content = vec![text("東\n京 and\nmore", &style)];
    assert_eq!(texts(&lines(&paragraph(content, Align::Start, &style), 500.0)), ["東京 and more"]);
}

#[test]
fn justified_lines_fill_the_measure() {
    let style = TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") };
    for width in [120.0, 180.0, 260.0] {
        let laid = lines(&paragraph(vec![text(ENGLISH, &style)], Align::Justify, &style), width);
        let (last, full) = laid.split_last().expect("there are lines");
        for line in full {
            let used: f32 = runs(line).map(|(_, width, _)| width).sum();
            assert!((used - width).abs() < 0.05, "{used} is not {width}: {}", logical(line));
        }
        assert!(last.natural <= width);
    }
}

#[test]
fn narrow_justified_text_is_hyphenated_and_a_hyphen_is_not_text() {
    let style = TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") };
    let laid = lines(&paragraph(vec![text(ENGLISH, &style)], Align::Justify, &style), 110.0);
    let hyphen = |line: &Line| runs(line).any(|(_, _, run)| run.glyphs.iter().any(|g| g.text_start == g.text_end));
    assert!(laid.iter().any(hyphen));
    assert_eq!(texts(&laid).concat(), ENGLISH);
    let plain = TextStyle { hyphens: Hyphens::Manual, ..style };
    let laid = lines(&paragraph(vec![text(ENGLISH, &plain)], Align::Justify, &plain), 110.0);
    assert!(!laid.iter().any(hyphen));
}

#[test]
fn addresses_and_names_of_files_are_not_hyphenated() {
    let style = TextStyle { hyphens: Hyphens::Auto, break_anywhere: true, ..style("noto serif", "en") };
    for word in [
        "https://publication.example/understanding/documentation",
        "understanding-documentation.tar.gz",
        "an_understanding_of",
    ] {
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(&fonts);
        let laid = layout(
            &paragraph(vec![text(&format!("See {word} for more information."), &style)], Align::Justify, &style),
            &mut shaper,
            &mut |_| Room { left: 0.0, width: 70.0 },
        );
        let hyphen = |line: &&Line| runs(line).any(|(_, _, run)| run.glyphs.iter().any(|g| g.text_start == g.text_end));
        let within: Vec<String> = laid.iter().filter(hyphen).map(logical).collect();
        let is_of_text = |line: &String| "information".starts_with(line.rsplit(' ').next().unwrap_or_default());
        assert!(within.iter().all(is_of_text), "{word}: {within:?}");
    }
}

#[test]
fn a_space_is_as_wide_after_code_and_signs_as_after_words() {
    let (serif, mono) = (style("noto serif", "en"), style("noto sans mono", "en"));
    let fonts = Fonts::builtin();
    let mut shaper = Shaper::new(&fonts);
    let mut width = |content: Vec<Inline>| {
        let laid =
            layout(&paragraph(content, Align::Start, &serif), &mut shaper, &mut |_| Room { left: 0.0, width: 500.0 });
        laid[0].natural
    };
    let space = width(vec![text("a b", &serif)]) - width(vec![text("ab", &serif)]);
    for content in ["\u{1f389} b", "(1) b"] {
        let without = content.replace(' ', "");
        let wide = width(vec![text(content, &serif)]) - width(vec![text(&without, &serif)]);
        assert!((wide - space).abs() < 0.3, "{content}: {wide} is not {space}");
    }
    let after_code =
        width(vec![text("a", &mono), text(" b", &serif)]) - width(vec![text("a", &mono), text("b", &serif)]);
    assert!((after_code - space).abs() < 0.3, "{after_code} is not {space}");
}

#[test]
fn soft_hyphens_show_only_at_the_end_of_a_line() {
    let style = style("serif", "en");
    let content = || vec![text("hyper\u{AD}text", &style)];
    let wide = lines(&paragraph(content(), Align::Start, &style), 500.0);
    assert_eq!(wide.len(), 1);
    assert!(runs(&wide[0]).all(|(_, _, run)| run.glyphs.iter().all(|glyph| glyph.text_start < glyph.text_end)));
    let narrow = lines(&paragraph(content(), Align::Start, &style), 35.0);
    assert_eq!(texts(&narrow), ["hyper\u{AD}", "text"]);
}

#[test]
fn words_too_long_are_broken_only_where_allowed() {
    let plain = style("serif", "en");
    let laid = lines(&paragraph(vec![text("internationalisation", &plain)], Align::Start, &plain), 40.0);
    assert_eq!(laid.len(), 1);
    assert!(laid[0].natural > laid[0].available);
    let anywhere = TextStyle { break_anywhere: true, ..plain };
    let laid = lines(&paragraph(vec![text("internationalisation", &anywhere)], Align::Start, &anywhere), 40.0);
    assert!(laid.len() > 1);
    assert!(laid.iter().all(|line| line.natural <= line.available + 0.02));
    assert_eq!(texts(&laid).concat(), "internationalisation");
}

#[test]
fn a_very_long_word_takes_time_in_proportion() {
    let anywhere = TextStyle { break_anywhere: true, ..style("serif", "en") };
    let sample = "x".repeat(20_000);
    let laid = lines(&paragraph(vec![text(&sample, &anywhere)], Align::Justify, &anywhere), 200.0);
    assert!(laid.len() > 400);
    assert_eq!(texts(&laid).concat(), sample);
}

#[test]
fn right_to_left_text_runs_from_the_right_and_numbers_in_it_do_not() {
    let style = style("serif", "fa");
    let laid = lines(&paragraph(vec![text("سال 1837 بود", &style)], Align::Start, &style), 200.0);
    let line = &laid[0];
    assert!(position(line, "س") > position(line, "1"));
    assert!(position(line, "1") < position(line, "7"));
    assert!(position(line, "1") > position(line, "د"));
    // Start is right.
    assert!((runs(line).map(|(x, width, _)| x + width).fold(0.0, f32::max) - 200.0).abs() < 0.05);
}

#[test]
fn arabic_letters_join_across_a_change_of_style() {
    let plain = style("serif", "ar");
    let line = Decorating {
        decoration: Decoration { under: true, ..Decoration::default() },
        color: Color::BLACK,
        families: Arc::clone(&plain.families),
        weight: plain.weight,
        italic: plain.italic,
        size: plain.size,
        baseline_shift: 0.0,
    };
    let underlined = TextStyle { decorations: Arc::new([line]), ..plain.clone() };
    let glyphs = |content: Vec<Inline>| {
        let laid = lines(&paragraph(content, Align::Start, &plain), 200.0);
        let mut ids: Vec<(u32, u16)> =
            runs(&laid[0]).flat_map(|(_, _, run)| run.glyphs.iter().map(|g| (g.text_start, g.id))).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(glyphs(vec![text("كت", &plain), text("ب", &underlined)]), glyphs(vec![text("كتب", &plain)]));
}

#[test]
fn missing_glyphs_come_from_other_faces_and_are_told_when_there_are_none() {
    let fonts = Fonts::builtin();
    let mut shaper = Shaper::new(&fonts);
    let style = style("noto naskh arabic", "ar");
    let laid = layout(
        &paragraph(vec![text("(نص) a \u{6771}\u{6771}", &style)], Align::Start, &style),
        &mut shaper,
        &mut |_| Room { left: 0.0, width: 500.0 },
    );
    let more = paragraph(vec![text("\u{6771}\u{4eac}\u{5e02} \u{11a0}", &style)], Align::Start, &style);
    layout(&more, &mut shaper, &mut |_| Room { left: 0.0, width: 500.0 });
    let told: Vec<String> = shape::warnings(shaper.missing(), &fonts).map(|warning| warning.message).collect();
    let han = "no font has `\u{4eac}` (U+4EAC), `\u{5e02}` (U+5E02), `\u{6771}` (U+6771)";
    assert_eq!(told, [han, "no font has `\u{11a0}` (U+11A0)"]);
    let missing = |run: &GlyphRun| {
        run.glyphs.iter().any(|g| g.id == 0 && !run.text[g.text_start as usize..].starts_with('\u{6771}'))
    };
    assert!(!runs(&laid[0]).any(|(_, _, run)| missing(run)));
}

fn leader_line(title: &str, number: &str, language: &str) -> Line {
    let style = style("serif", language);
    let leader = Inline::Leader { pattern: ".".into(), style: Arc::new(style.clone()) };
    let content = vec![text(title, &style), leader, text(number, &style)];
    let mut laid = lines(&paragraph(content, Align::Start, &style), 200.0);
    laid.pop().expect("there is a line")
}

fn dots(line: &Line) -> Vec<f32> {
    let mut dots = Vec::new();
    for (x, _, run) in runs(line).filter(|(_, _, run)| &*run.text == ".") {
        let mut pen = x;
        for glyph in &run.glyphs {
            dots.push(pen);
            pen += glyph.advance;
        }
    }
    dots
}

#[test]
fn leaders_fill_the_line_and_their_dots_line_up() {
    let (one, two) = (leader_line("One", "3", "en"), leader_line("Twenty-one", "141", "en"));
    for line in [&one, &two] {
        assert!(dots(line).len() > 10);
        let end = runs(line).map(|(x, width, _)| x + width).fold(0.0, f32::max);
        assert!((end - 200.0).abs() < 0.05);
    }
    let common = dots(&one).iter().filter(|x| dots(&two).iter().any(|other| (*x - other).abs() < 0.01)).count();
    assert_eq!(common, dots(&one).len().min(dots(&two).len()));
}

#[test]
fn no_line_is_of_dots_alone_where_a_word_can_go_with_them() {
    let style = style("serif", "en");
    let width = |title: &str| lines(&paragraph(vec![text(title, &style)], Align::Start, &style), 900.0)[0].clone();
    let title = "How the pages of a book are folded";
    let full = runs(&width(title)).map(|(x, width, _)| x + width).fold(0.0, f32::max);
    let leader = Inline::Leader { pattern: ". ".into(), style: Arc::new(style.clone()) };
    let content = vec![text(title, &style), leader, text("12", &style)];
    let laid = lines(&paragraph(content, Align::Start, &style), full + 2.0);
    let last = logical(&laid[1]);
    assert!(laid.len() == 2 && last.contains("folded") && last.ends_with("12"), "{last}");
    // One word that fills its line leaves the dots and the number to the next one.
    let leader = Inline::Leader { pattern: ". ".into(), style: Arc::new(style.clone()) };
    let word = runs(&width("Incunabula")).map(|(x, width, _)| x + width).fold(0.0, f32::max);
    let laid = lines(
        &paragraph(vec![text("Incunabula", &style), leader, text("12", &style)], Align::Start, &style),
        word + 2.0,
    );
    assert_eq!(laid.len(), 2);
}

#[test]
fn after_a_leader_text_stands_at_the_end_side() {
    let line = leader_line("فصل", "۳", "fa");
    assert!(position(&line, "۳").abs() < 0.05);
    assert!(position(&line, "ف") > 150.0);
    // Even where the title runs the other way.
    let line = leader_line("Title", "12", "fa");
    assert!(position(&line, "1") < 20.0);
    assert!(position(&line, "T") > 150.0);
}

#[test]
fn superscripts_do_not_stretch_a_line_but_large_text_does() {
    let plain = style("serif", "en");
    let raised = TextStyle { size: 6.5, baseline_shift: 3.5, ..plain.clone() };
    let large = TextStyle { size: 20.0, ..plain.clone() };
    let height = |other: &TextStyle| {
        let laid = lines(&paragraph(vec![text("a", &plain), text("b", other)], Align::Start, &plain), 200.0);
        laid[0].height
    };
    assert!((height(&raised) - 14.0).abs() < 0.01);
    assert!(height(&large) > 20.0);
}

#[test]
fn addresses_are_cut_between_their_parts() {
    let style = TextStyle { break_anywhere: true, ..style("serif", "en") };
    let address = "https://example.org/a-long-path/to/some/resource?query=1";
    let set = lines(&paragraph(vec![text(address, &style)], Align::Start, &style), 110.0);
    assert_eq!(texts(&set).concat(), address);
    assert!(logical(&set[0]).len() > "https://".len());
    for pair in set.windows(2) {
        let (end, start) = (logical(&pair[0]), logical(&pair[1]));
        assert!(end.ends_with('/') || !start.starts_with(char::is_alphanumeric), "{end} {start}");
    }
}

#[test]
fn lines_that_would_be_torn_apart_stay_ragged() {
    let style = style("serif", "en");
    let content = vec![text("a b Donaudampfschifffahrtsgesellschaftskasse", &style)];
    let set = lines(&paragraph(content, Align::Justify, &style), 150.0);
    let width: f32 = runs(&set[0]).map(|(_, width, _)| width).sum();
    assert!(width < 50.0, "{width}");
}

#[test]
fn text_without_spaces_is_justified_between_its_letters_and_by_kinsoku() {
    let style = TextStyle { break_anywhere: true, ..style("serif", "ja") };
    let sentence = "\u{6700}\u{521d}\u{306e}\u{53f7}\u{306f}\u{767a}\u{884c}\u{3055}\u{308c}\u{305f}\u{3002}\u{300c}\u{6d3b}\u{5b57}\u{300d}\u{3068}\u{306f}\u{3001}\u{91d1}\u{5c5e}\u{3067}\u{3042}\u{308b}\u{3002}";
    let set = lines(&paragraph(vec![text(&sentence.repeat(6), &style)], Align::Justify, &style), 87.0);
    assert!(set.len() > 8);
    for (number, line) in set.iter().enumerate() {
        let said = logical(line);
        assert!(!said.starts_with(['\u{3002}', '\u{3001}', '\u{300d}']), "{number}: {said}");
        assert!(!said.ends_with('\u{300c}'), "{number}: {said}");
        let width: f32 = runs(line).map(|(_, width, _)| width).sum();
        assert!(number + 1 == set.len() || (width - 87.0).abs() < 0.1, "{number}: {said} is {width} wide");
    }
    assert_eq!(texts(&set).concat(), sentence.repeat(6));
}

#[test]
fn ideographs_before_a_word_too_long_for_the_line_are_not_torn_apart() {
    let style = TextStyle { break_anywhere: true, ..style("serif", "ja") };
    let content = vec![text("\u{6700}\u{521d}\u{53f7}internationalization\u{6700}\u{521d}\u{306e}\u{53f7}", &style)];
    let set = lines(&paragraph(content, Align::Justify, &style), 100.0);
    let width: f32 = runs(&set[0]).map(|(_, width, _)| width).sum();
    assert!(width < 60.0, "{width}: {}", logical(&set[0]));
}

#[test]
fn a_last_line_that_is_a_little_too_long_is_drawn_together() {
    let style = style("serif", "en");
    let content = vec![text("This work would not be possible without the many contributions of all.", &style)];
    let natural = lines(&paragraph(content.clone(), Align::Start, &style), 1_000.0)[0].natural;
    let set = lines(&paragraph(content, Align::Justify, &style), natural - 2.0);
    assert_eq!(set.len(), 1);
    let width: f32 = runs(&set[0]).map(|(_, width, _)| width).sum();
    assert!(width <= set[0].available + 0.1 && set[0].natural <= set[0].available + 0.1, "{width} {:?}", set[0]);
}

#[test]
fn words_with_hyphens_end_lines_after_any_of_them() {
    let style = style("serif", "en");
    let set = lines(&paragraph(vec![text("a state-of-the-art-and-more-of-it", &style)], Align::Start, &style), 70.0);
    assert!(set.len() > 2 && set.iter().all(|line| line.natural <= 70.0), "{:?}", texts(&set));
}

#[test]
fn anchors_stand_on_their_lines_even_alone() {
    let style = style("serif", "en");
    let content = vec![text(ENGLISH, &style), Inline::Anchor("end".into())];
    let laid = lines(&paragraph(content, Align::Start, &style), 150.0);
    let anchor = Fragment::Anchor("end".into());
    assert!(laid.last().is_some_and(|line| line.fragments.contains(&anchor)));
    let alone = lines(&paragraph(vec![Inline::Anchor("end".into())], Align::Start, &style), 150.0);
    assert_eq!(alone[0].fragments, [anchor]);
}

#[test]
fn intrinsic_widths_are_of_the_longest_word_and_the_longest_line() {
    let fonts = Fonts::builtin();
    let mut shaper = Shaper::new(&fonts);
    let style = style("serif", "en");
    let (min, max) = intrinsic_widths(&paragraph(vec![text("a bb cc", &style)], Align::Start, &style), &mut shaper);
    let (word, _) = intrinsic_widths(&paragraph(vec![text("bb", &style)], Align::Start, &style), &mut shaper);
    assert!(min >= word && min < max);
}

#[test]
fn letter_spacing_leaves_joining_scripts_alone() {
    let width = |language: &str, sample: &str, letter_spacing: f32| {
        let style = TextStyle { letter_spacing, ..style("serif", language) };
        lines(&paragraph(vec![text(sample, &style)], Align::Start, &style), 500.0)[0].natural
    };
    assert!((width("en", "abc", 2.0) - width("en", "abc", 0.0) - 6.0).abs() < 0.01);
    assert!((width("ar", "كتب", 2.0) - width("ar", "كتب", 0.0)).abs() < 0.01);
}

/// Words of several scripts, with what makes trouble between them.
fn mixed_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "word",
        "internationalisation",
        "روزنامه",
        "می‌خواستند",
        "كتب",
        "(1837)",
        "https://example.org/a?b=c",
        "—",
        "e\u{301}",
        "soft\u{AD}hyphen",
        "שלום",
        "\n",
        "  ",
        "\u{200F}",
        "\u{A0}",
        "日本語",
        "👩‍🚀",
    ]);
    prop::collection::vec((word, any::<bool>()), 0..25).prop_map(|words| {
        words.iter().map(|(word, space)| if *space { format!("{word} ") } else { (*word).to_owned() }).collect()
    })
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_is_lost(sample in mixed_text(), width in 30.0_f32..300.0, justify in any::<bool>(), cut in 0_usize..40) {
        let align = if justify { Align::Justify } else { Align::Start };
        let cut = sample.char_indices().nth(cut).map_or(sample.len(), |(at, _)| at);
        for language in ["en", "fa"] {
            let plain = TextStyle { hyphens: Hyphens::Auto, break_anywhere: justify, ..style("serif", language) };
            let bold = TextStyle { weight: 700, ..plain.clone() };
            let content = vec![text(&sample[..cut], &plain), text(&sample[cut..], &bold)];
            let paragraph = paragraph(content, align, &plain);
            let source = super::collapse::collapse(&paragraph);
            assert_eq!(texts(&lines(&paragraph, width)).concat(), &*source.text);
        }
    }
}
