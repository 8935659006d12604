//! Tests of where lines end, and of what stands between the letters.

use super::tests::{lines, logical, paragraph, position, runs, style, text, texts};
use super::{
    Align, AtomAlign, Fragment, Hyphens, Inline, LineBreak, TextStyle, TextWrap, WhiteSpace, intrinsic_widths,
};

#[test]
fn lines_end_within_words_where_unicode_allows() {
    let style = style("serif", "en");
    for (sample, parts) in [
        ("first one\u{2014}two\u{2014}six", &["first ", "one", "\u{2014}", "two", "\u{2014}", "six"][..]),
        ("a state-of-the-art e-mail", &["a ", "state-", "of-", "the-", "art ", "e-", "mail"]),
        ("1990\u{2013}95", &["1990\u{2013}", "95"]),
        ("it and/or 1/2 of 3.14", &["it ", "and/", "or ", "1/2 ", "of ", "3.14"]),
        ("with --output and (-x) of -1", &["with ", "--output ", "and ", "(-x) ", "of ", "-1"]),
        ("https://a.example/b/c", &["https://a.example/", "b/", "c"]),
        (
            "\u{6F22}\u{5B57}\u{3002}\u{300C}\u{5F15}\u{7528}\u{300D}\u{30B3}\u{30FC}\u{30D2}\u{30FC}\u{3001}\u{3061}\u{3087}\u{3063}\u{3068}",
            &[
                "\u{6F22}",
                "\u{5B57}\u{3002}",
                "\u{300C}\u{5F15}",
                "\u{7528}\u{300D}",
                "\u{30B3}\u{30FC}",
                "\u{30D2}\u{30FC}\u{3001}",
                "\u{3061}\u{3087}\u{3063}",
                "\u{3068}",
            ],
        ),
        ("\u{D55C}\u{AD6D}\u{C5B4} \u{C740}.", &["\u{D55C}", "\u{AD6D}", "\u{C5B4} ", "\u{C740}."]),
        ("no\u{A0}break\u{2060}here", &["no\u{A0}break\u{2060}here"]),
    ] {
        for align in [Align::Start, Align::Justify] {
            let narrow = lines(&paragraph(vec![text(sample, &style)], align, &style), 1.0);
            assert_eq!(texts(&narrow), parts, "{align:?}");
        }
    }
}

#[test]
fn quotation_marks_stay_with_what_they_quote() {
    let style = style("serif", "fr");
    for (sample, parts) in [
        ("dit « mot » et", &["dit ", "« mot » ", "et"][..]),
        ("(« a b »)", &["(« a ", "b »)"]),
        ("« “ a ” », ‹ b › !", &["« “ a ” », ", "‹ b › !"]),
        // Where they stand the other way round, and where they are alike on both sides.
        ("sagt »so« und", &["sagt ", "»so« ", "und"]),
        ("»‚a‘« b »so!« da", &["»‚a‘« ", "b ", "»so!« ", "da"]),
        ("sa ”ja” och »ja» nej", &["sa ", "”ja” ", "och ", "»ja» ", "nej"]),
        ("sa ”’ja’ hon” då", &["sa ", "”’ja’ ", "hon” ", "då"]),
        ("the dogs’ ’n’ “so” on", &["the ", "dogs’ ", "’n’ ", "“so” ", "on"]),
        ("中“引号”测，“引”。", &["中", "“引", "号”", "测，", "“引”。"]),
        ("中“A”测", &["中“A”测"]),
        ("그는“안녕”이라고", &["그", "는“안", "녕”이", "라", "고"]),
    ] {
        for align in [Align::Start, Align::Justify] {
            let narrow = lines(&paragraph(vec![text(sample, &style)], align, &style), 1.0);
            assert_eq!(texts(&narrow), parts, "{align:?}");
        }
    }
}

#[test]
fn words_cut_by_a_change_of_style_end_lines_where_whole_ones_do() {
    let plain = style("serif", "en");
    let bold = TextStyle { weight: 700, ..plain.clone() };
    let content = vec![text("one\u{2014}tw", &plain), text("o\u{2014}three-f", &bold), text("our", &plain)];
    let narrow = lines(&paragraph(content, Align::Start, &plain), 1.0);
    assert_eq!(texts(&narrow), ["one", "\u{2014}", "two", "\u{2014}", "three-", "four"]);
}

#[test]
fn justified_text_without_spaces_is_spread_between_its_letters() {
    let style = style("serif", "ja");
    let sample = "\u{6F22}\u{5B57}\u{4EEE}\u{540D}\u{4EA4}\u{6587}\u{3002}".repeat(12);
    for (sample, width) in [(sample.clone(), 104.0), (sample.clone(), 77.0), (format!("a {sample}"), 98.0)] {
        let laid = lines(&paragraph(vec![text(&sample, &style)], Align::Justify, &style), width);
        let (_, full) = laid.split_last().expect("there are lines");
        assert!(full.len() > 4);
        for line in full {
            assert!(!logical(line).starts_with('\u{3002}'));
            let used: f32 = runs(line).map(|(_, width, _)| width).sum();
            assert!((used - width).abs() < 0.05, "{used} is not {width}: {}", logical(line));
            // The gaps are small and alike, and none stands before a full stop.
            let glyphs = runs(line).flat_map(|(_, _, run)| run.glyphs.iter().map(|glyph| glyph.advance));
            let widest = glyphs.fold(0.0, f32::max);
            assert!(widest < 14.0, "{widest}: {}", logical(line));
        }
    }
}

#[test]
fn of_two_blanks_in_a_row_one_is_set() {
    let style = style("serif", "ja");
    let width = |sample: &str| lines(&paragraph(vec![text(sample, &style)], Align::Start, &style), 500.0)[0].natural;
    // Signs that no built-in font has are shown by one that is narrower; with a blank to spare they are wide.
    let wide = width("\u{300C}") > 9.0;
    let both = width("\u{300D}\u{300C}");
    let expected = width("\u{300D}") + width("\u{300C}") - if wide { 5.0 } else { 0.0 };
    assert!((both - expected).abs() < 0.01, "{both} is not {expected}");
}

#[test]
fn nowrap_holds_within_a_paragraph_whatever_else_is_allowed() {
    let plain = TextStyle { hyphens: Hyphens::Auto, break_anywhere: true, ..style("serif", "en") };
    let kept = TextStyle { white_space: WhiteSpace::Nowrap, ..plain.clone() };
    let content =
        vec![text("We have ", &plain), text("internationalization-telecommunication", &kept), text(" now.", &plain)];
    for align in [Align::Start, Align::Justify] {
        let set = texts(&lines(&paragraph(content.clone(), align, &plain), 60.0));
        assert_eq!(set, ["We have ", "internationalization-telecommunication ", "now."], "{align:?}");
    }
}

#[test]
fn words_are_not_cut_at_soft_hyphens_where_hyphens_are_not_wanted() {
    let manual = style("serif", "en");
    let none = TextStyle { hyphens: Hyphens::None, ..manual.clone() };
    let set =
        |style: &TextStyle| lines(&paragraph(vec![text("hyper\u{AD}text", style)], Align::Start, style), 35.0).len();
    assert_eq!((set(&manual), set(&none)), (2, 1));
}

#[test]
fn a_joiner_after_a_change_of_style_is_set_with_what_follows() {
    let plain = style("serif", "fa");
    let bold = TextStyle { weight: 700, ..plain.clone() };
    let content = vec![text("\u{645}\u{6CC}", &bold), text("\u{200C}\u{631}\u{648}\u{645}", &plain)];
    let set = lines(&paragraph(content, Align::Start, &plain), 200.0);
    let starts = |run: &crate::typeset::display::GlyphRun| {
        let mut starts: Vec<u32> = run.glyphs.iter().map(|glyph| glyph.text_start).collect();
        starts.sort_unstable();
        starts
    };
    let runs: Vec<Vec<u32>> = runs(&set[0]).map(|(_, _, run)| starts(run)).collect();
    assert!(runs.contains(&vec![4, 7, 9, 11]), "{runs:?}");
}

#[test]
fn atoms_stand_at_the_edges_of_their_line() {
    let style = style("serif", "en");
    let atom = |ascent: f32, align: AtomAlign, id: u32| Inline::Atom { width: 10.0, ascent, descent: 0.0, align, id };
    let content = vec![
        text("x", &style),
        atom(40.0, AtomAlign::Top, 0),
        atom(20.0, AtomAlign::Bottom, 1),
        atom(25.0, AtomAlign::Baseline, 2),
    ];
    let line = &lines(&paragraph(content, Align::Start, &style), 200.0)[0];
    assert!((line.height - 40.0).abs() < 0.01, "{}", line.height);
    let edges: Vec<(u32, f32, f32)> = line
        .fragments
        .iter()
        .filter_map(|fragment| match fragment {
            Fragment::Atom { ascent, descent, id, .. } => Some((*id, line.baseline - ascent, line.baseline + descent)),
            _ => None,
        })
        .collect();
    let expected = [(0, 0.0, 40.0), (1, 20.0, 40.0), (2, 0.0, 25.0)];
    for ((id, top, bottom), (of, at, below)) in edges.iter().zip(expected) {
        assert!(*id == of && (top - at).abs() < 0.01 && (bottom - below).abs() < 0.01, "{edges:?}");
    }
    assert!((line.baseline - 25.0).abs() < 0.01);
}

#[test]
fn letters_run_as_an_override_says() {
    let style = style("serif", "en");
    let set = lines(&paragraph(vec![text("\u{2067}\u{202E}abc\u{202C}\u{2069}", &style)], Align::Start, &style), 200.0);
    assert!(position(&set[0], "c") < position(&set[0], "a"));
}

#[test]
fn isolates_and_overrides_go_on_after_a_forced_break() {
    let style = style("serif", "en");
    let content = vec![
        text("\u{2067}\u{202E}abc", &style),
        Inline::Break,
        text(" def", &style),
        text("\u{202C}\u{2069} ghi", &style),
        Inline::Break,
        text("jkl", &style),
    ];
    let set = lines(&paragraph(content, Align::Start, &style), 200.0);
    let shown: Vec<String> = set.iter().map(|line| logical(line).trim().to_owned()).collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert!(position(&set[0], "c") < position(&set[0], "a"));
    assert!(position(&set[1], "f") < position(&set[1], "d"), "the second line is in the override, too");
    assert!(position(&set[1], "g") < position(&set[1], "i"), "until that ends");
    assert!(position(&set[2], "j") < position(&set[2], "l"));

    let kept = TextStyle { white_space: WhiteSpace::Pre, ..style.clone() };
    let content = vec![text("\u{2067}\u{202E}abc\ndef\u{202C}\u{2069}", &kept)];
    let set = lines(&paragraph(content, Align::Start, &kept), 200.0);
    assert!(position(&set[1], "f") < position(&set[1], "d"));

    // Spaces that are kept, and what is no letter, stand in the isolate as well.
    let content = vec![text("\u{2067}abc\n  \u{5d3}\u{2069}", &kept)];
    let set = lines(&paragraph(content, Align::Start, &kept), 200.0);
    assert!(
        runs(&set[1]).any(|(x, _, run)| x < 0.5 && run.text.contains('\u{5d3}')),
        "the indent is at the right of the letter"
    );
    let atom = Inline::Atom { width: 10.0, ascent: 5.0, descent: 0.0, align: AtomAlign::Baseline, id: 7 };
    let content = vec![text("\u{2067}\u{5d0}", &style), Inline::Break, atom, text("\u{5d1}\u{2069}", &style)];
    let set = lines(&paragraph(content, Align::Start, &style), 200.0);
    let x_of_atom = set[1].fragments.iter().find_map(|fragment| match fragment {
        Fragment::Atom { x, .. } => Some(*x),
        _ => None,
    });
    assert!(x_of_atom > Some(1.0), "{x_of_atom:?}");
    let content = vec![text("\u{2067}\u{5d0}", &style), Inline::Break, text("\u{2069}", &style)];
    assert_eq!(lines(&paragraph(content, Align::Start, &style), 200.0).len(), 1, "nothing follows the break");
}

#[test]
fn short_words_stand_beside_long_ones_where_both_fit() {
    let style = style("serif", "en");
    let content = vec![text("mmmmmmmm xi mmmmmmmm xo mmmmmmmm xu mmmmmmmm", &style)];
    let laid = lines(&paragraph(content, Align::Justify, &style), 115.0);
    assert_eq!(texts(&laid), ["mmmmmmmm xi ", "mmmmmmmm xo ", "mmmmmmmm xu ", "mmmmmmmm"]);
    for line in &laid[..3] {
        let used: f32 = runs(line).map(|(_, width, _)| width).sum();
        assert!((used - 115.0).abs() < 0.05, "{used}: {}", logical(line));
    }
}

#[test]
fn a_no_break_space_at_the_end_takes_its_room() {
    let style = style("serif", "en");
    for width in 60..140 {
        let content = vec![text("We would like to take you through our journey. Read the full story.\u{A0}", &style)];
        for line in lines(&paragraph(content, Align::Justify, &style), width as f32) {
            let used: f32 = runs(&line).map(|(_, width, _)| width).sum();
            assert!(used <= width as f32 + 0.1, "{used} of {width}: {}", logical(&line));
        }
    }
}

#[test]
fn lines_that_end_in_a_ligature_fit() {
    let style = TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") };
    let words =
        "Officials differ: sufficient coffee, efficient offices, baffling affidavits, ruffled affinities, back-up and \
                 Scripts with backgrounds. "
            .repeat(4);
    for width in 60..220 {
        let laid = lines(&paragraph(vec![text(&words, &style)], Align::Justify, &style), width as f32);
        for line in &laid {
            let used: f32 = runs(line).map(|(_, width, _)| width).sum();
            assert!(used <= width as f32 + 0.1, "{used} of {width}: {}", logical(line));
        }
    }
}

#[test]
fn a_word_wider_than_its_line_leaves_the_others_justified() {
    let style = style("serif", "en");
    let some = "It was set by hand, and each of the lines was as long as the others of its column.";
    let wide = "m".repeat(40);
    let content = vec![text(&format!("{some} {wide} {some} {wide}{wide} {some}"), &style)];
    let laid = lines(&paragraph(content, Align::Justify, &style), 120.0);
    assert_eq!(texts(&laid).concat(), format!("{some} {wide} {some} {wide}{wide} {some}"));
    let is_wide = |line: usize| logical(&laid[line]).contains(&wide);
    let mut justified = 0;
    for (number, line) in laid.iter().enumerate().take(laid.len() - 1) {
        let is_beside = is_wide(number) || is_wide(number + 1) || number > 0 && is_wide(number - 1);
        let used: f32 = runs(line).map(|(_, width, _)| width).sum();
        if !is_beside {
            assert!((used - 120.0).abs() < 0.05, "{used}: {}", logical(line));
            justified += 1;
        }
    }
    assert!(justified > 6, "{:?}", texts(&laid));
}

#[test]
fn words_are_kept_whole_where_that_is_asked_for() {
    let style = TextStyle { keep_all: true, ..style("serif", "ko") };
    let sample = "\u{D55C}\u{AD6D}\u{C5B4} \u{6F22}\u{5B57}\u{3002}\u{5B57}a e-mail";
    for align in [Align::Start, Align::Justify] {
        let narrow = lines(&paragraph(vec![text(sample, &style)], align, &style), 1.0);
        let parts = ["\u{D55C}\u{AD6D}\u{C5B4} ", "\u{6F22}\u{5B57}\u{3002}", "\u{5B57}a ", "e-", "mail"];
        assert_eq!(texts(&narrow), parts, "{align:?}");
    }
}

#[test]
fn break_all_ends_lines_between_letters_but_not_before_punctuation() {
    let plain = TextStyle { hyphens: Hyphens::Auto, break_all: true, ..style("serif", "en") };
    let bold = TextStyle { weight: 700, ..plain.clone() };
    for align in [Align::Start, Align::Justify] {
        let content = vec![text("ab (c1) d", &plain), text("e.", &bold)];
        let narrow = lines(&paragraph(content, align, &plain), 1.0);
        assert_eq!(texts(&narrow), ["a", "b ", "(c", "1) ", "d", "e."], "{align:?}");
        let sample = "internationalization of telecommunication";
        let laid = lines(&paragraph(vec![text(sample, &plain)], align, &plain), 60.0);
        let (_, full) = laid.split_last().expect("there are lines");
        assert!(!full.is_empty() && texts(&laid).concat() == sample, "{:?}", texts(&laid));
        for line in full {
            assert!(line.natural > 50.0 && line.natural <= 60.1 && line.crammed == 0.0, "{line:?}");
        }
    }
}

#[test]
fn words_that_lines_may_end_in_are_shaped_whole() {
    let plain = style("serif", "en");
    let broken = TextStyle { break_all: true, ..plain.clone() };
    let width = |style: &TextStyle| lines(&paragraph(vec![text("AVATAR office", style)], Align::Start, style), 500.0);
    assert!((width(&plain)[0].natural - width(&broken)[0].natural).abs() < 0.001);
    let fonts = crate::typeset::fonts::Fonts::builtin();
    let mut shaper = crate::typeset::shape::Shaper::new(&fonts);
    let mut least =
        |style| intrinsic_widths(&paragraph(vec![text("immeasurable", style)], Align::Start, style), &mut shaper).0;
    assert!(least(&broken) < 12.0 && least(&plain) > 50.0);
}

#[test]
fn line_break_says_what_lines_may_begin_with() {
    use LineBreak as L;
    let narrow = |sample: &str, language: &str, line_break: L| {
        let style = TextStyle { line_break, ..style("serif", language) };
        texts(&lines(&paragraph(vec![text(sample, &style)], Align::Start, &style), 1.0)).len()
    };
    for (sample, language, line_break, count) in [
        // Small kana and the mark for long vowels.
        ("\u{30B3}\u{30FC}\u{30C3}", "ja", L::Auto, 1),
        ("\u{30B3}\u{30FC}\u{30C3}", "ja", L::Strict, 1),
        ("\u{30B3}\u{30FC}\u{30C3}", "ja", L::Normal, 3),
        ("\u{30B3}\u{30FC}\u{30C3}", "ko", L::Loose, 3),
        // A wave dash, where the language writes it so.
        ("\u{4E00}\u{301C}", "ja", L::Normal, 2),
        ("\u{4E00}\u{301C}", "en", L::Normal, 1),
        // Iteration marks, two dots, hyphens.
        ("\u{4EBA}\u{3005}", "ja", L::Normal, 1),
        ("\u{4EBA}\u{3005}", "ja", L::Loose, 2),
        ("\u{4EBA}\u{2026}\u{2026}", "ja", L::Normal, 1),
        ("\u{4EBA}\u{2026}\u{2026}", "ja", L::Loose, 2),
        ("\u{4EBA}\u{2013}", "en", L::Loose, 2),
        // Centred punctuation and wide signs, in Chinese and Japanese.
        ("\u{4EBA}\u{30FB}", "zh-Hans", L::Loose, 2),
        ("\u{4EBA}\u{30FB}", "en", L::Loose, 1),
        ("\u{4EBA}\u{FF05}", "ja-JP", L::Loose, 2),
        ("\u{4EBA}\u{FF05}", "ja-JP", L::Normal, 1),
        // What closes never begins a line, but where anything does.
        ("\u{4EBA}\u{3002}", "ja", L::Loose, 1),
        ("\u{4EBA}\u{3002}", "ja", L::Anywhere, 2),
        ("(a\u{A0}b)", "en", L::Anywhere, 5),
        ("e\u{301}a", "en", L::Anywhere, 2),
    ] {
        assert_eq!(narrow(sample, language, line_break), count, "{sample} in {language}, {line_break:?}");
    }
}

#[test]
fn balanced_lines_are_alike_and_no_more_than_needed() {
    let plain = style("serif", "en");
    let balanced = TextStyle { wrap: TextWrap::Balance, ..plain.clone() };
    let sample = "A heading that takes two lines and leaves one word";
    let set = |style: &TextStyle, align: Align| lines(&paragraph(vec![text(sample, style)], align, style), 205.0);
    let (ragged, even) = (set(&plain, Align::Start), set(&balanced, Align::Start));
    assert_eq!((ragged.len(), even.len()), (2, 2));
    assert!(ragged[1].natural < 60.0 && (even[0].natural - even[1].natural).abs() < 40.0, "{:?}", texts(&even));
    // They stand in the whole measure all the same.
    let right = set(&balanced, Align::Right);
    assert!(right.iter().all(|line| (line.available - 205.0).abs() < 0.01));
    let ends = |line: &super::Line| runs(line).map(|(x, width, _)| x + width).fold(0.0, f32::max);
    assert!((ends(&right[0]) - 205.0).abs() < 0.01);
}

#[test]
fn hyphens_are_what_the_style_says_and_leave_as_many_letters() {
    let auto = TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") };
    let set = |style: &TextStyle| {
        texts(&lines(&paragraph(vec![text("internationalization", style)], Align::Start, style), 62.0))
    };
    let first = |style: &TextStyle| set(style).into_iter().next().unwrap_or_default();
    let plain = first(&auto);
    let letters = plain.chars().filter(|letter| letter.is_alphabetic()).count();
    assert!(letters < 20 && set(&auto).len() > 1, "{plain}");
    assert_eq!(set(&TextStyle { hyphen_limits: [21, 0, 0], ..auto.clone() }).len(), 1);
    assert_eq!(set(&TextStyle { hyphen_limits: [20, letters as u8, 2], ..auto.clone() })[0], plain);
    let limited = set(&TextStyle { hyphen_limits: [0, letters as u8 + 1, 0], ..auto.clone() });
    assert_ne!(limited[0], plain);
    let signs_of_hyphen = |hyphen: &str| {
        let style = TextStyle { hyphen: Some(hyphen.into()), ..auto.clone() };
        let laid = lines(&paragraph(vec![text("internationalization", &style)], Align::Start, &style), 62.0);
        let glyphs: usize = runs(&laid[0]).map(|(_, _, run)| run.glyphs.len()).sum();
        glyphs - logical(&laid[0]).chars().filter(|letter| letter.is_alphabetic()).count()
    };
    assert_eq!((signs_of_hyphen("=="), signs_of_hyphen("~"), signs_of_hyphen("")), (2, 1, 0));
}

#[test]
fn lines_end_between_letters_with_all_that_is_joined_to_them() {
    let plain = style("serif", "hi");
    let sample = "अन्तर्राष्ट्रीय क्षत्रियों शक्ति विश्व";
    let shaped = |style: &TextStyle| {
        let wide = lines(&paragraph(vec![text(sample, style)], Align::Start, style), 900.0);
        runs(&wide[0])
            .flat_map(|(.., run)| run.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    for changed in
        [TextStyle { break_all: true, ..plain.clone() }, TextStyle { line_break: LineBreak::Anywhere, ..plain.clone() }]
    {
        assert_eq!(shaped(&changed), shaped(&plain), "the same glyphs where no line ends");
        let narrow = lines(&paragraph(vec![text("विश्व शक्ति", &changed)], Align::Start, &changed), 1.0);
        assert_eq!(texts(&narrow), ["वि", "श्व ", "श", "क्ति"]);
    }
    let cut = TextStyle { break_anywhere: true, ..plain.clone() };
    let narrow = lines(&paragraph(vec![text("विश्व", &cut)], Align::Start, &cut), 1.0);
    assert_eq!(texts(&narrow), ["वि", "श्व"]);
    // Long words too are cut between letters alone.
    let long = "क्षत्रियों".repeat(20);
    let narrow = texts(&lines(&paragraph(vec![text(&long, &cut)], Align::Start, &cut), 30.0));
    let letters = ["क्ष", "त्रि", "यों"];
    let is_whole = |line: &String| {
        letters.iter().any(|own| line.starts_with(own)) && letters.iter().any(|own| line.ends_with(own))
    };
    assert!(narrow.len() > 10 && narrow.iter().all(is_whole), "{narrow:?}");
}
