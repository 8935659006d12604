//! Faces that are asked for and not there.

use super::display::{Document, Item};
use super::tests::{Nothing, SMALL, set_with, small, text_of_run};

/// What is told of a document.
fn told(html: &str, style: &str) -> Vec<String> {
    set_with(html, &format!("{SMALL}\n{style}"), &Nothing).warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn families_that_no_font_has_are_told_with_the_nearest() {
    let system = "the fonts of this machine are used with `system_fonts = true`, or `--system-fonts`";
    assert_eq!(
        told("<h1>x", "h1 { font-family: 'Playfair Display' }\np { font: 9pt/12pt \"EB Garamnd\", Notto Serif }"),
        [
            format!(
                "print.css:3:6: no font of the family `Playfair Display` is at hand, `Noto Serif` stands for it\n  {system}"
            ),
            "print.css:4:5: no font of the families `EB Garamnd` and `Notto Serif` is at hand, `Noto Serif` stands for \
             them\n  did you mean `Noto Serif`?"
                .to_owned(),
        ]
    );
    let made = told("<p>x", ":root { --f: 'House Sans' } p { font-family: var(--f) }");
    assert!(made.len() == 1 && made[0].contains("`House Sans`"), "{made:?}");
    let attribute = told("<p style='font-family: Vazirmatm'>x<p style='font-family: Vazirmatm'>y", "");
    assert!(attribute.len() == 1 && attribute[0].contains("a.html:1:1: "), "{attribute:?}");
    assert!(attribute[0].ends_with("did you mean `Vazirmatn`?"), "{attribute:?}");
    // Whoever names a generic family, or one that is there, has chosen what stands in.
    for list in
        ["Georgia, serif", "Calibri, 'Noto Sans'", "VAZIRMATN", "cursive", "-apple-system", "inherit", "NOTO SERIF"]
    {
        assert_eq!(told("<p>x", &format!("p {{ font-family: {list} }}")), Vec::<String>::new(), "{list}");
    }
    assert_eq!(told("<p>x", "@media screen { p { font-family: Georgia } }"), Vec::<String>::new());
}

/// The texts of the runs that are slanted.
fn slanted(document: &Document) -> Vec<String> {
    let runs = document.pages.iter().flat_map(|page| &page.items);
    let own = runs.filter_map(|item| match item {
        Item::Glyphs { run, .. } if run.slanted => Some(text_of_run(run)),
        _ => None,
    });
    own.collect()
}

#[test]
fn letters_are_slanted_where_no_face_is() {
    let html = "<p><code>let <i>x</i> → <i>→</i></code> <i>own</i> <i>курсив</i> <i lang=he>הדגשה</i> \
        <i lang=fa dir=rtl>تأکید</i>";
    assert_eq!(slanted(&small(html, "")), ["x", "הדגשה"]);
    for style in ["i { font-synthesis: none }", "p { font-synthesis-style: none }", "i { font-synthesis: weight }"] {
        assert_eq!(slanted(&small(html, style)), Vec::<String>::new(), "{style}");
    }
    assert_eq!(slanted(&small(html, "p { font-synthesis: weight style; font-synthesis-weight: none }")).len(), 2);
    assert_eq!(told(html, "p { font-synthesis: weight style; font-synthesis-weight: none }"), Vec::<String>::new());
}

#[test]
fn bold_italics_are_bold_with_and_without_serifs() {
    for family in ["serif", "sans-serif"] {
        let document = small("<p><b><i>both</i></b>", &format!("p {{ font-family: {family} }}"));
        let fonts = super::fonts::Fonts::builtin();
        let face = document.pages[0].items.iter().find_map(|item| match item {
            Item::Glyphs { run, .. } => fonts.face(run.face),
            _ => None,
        });
        assert!(face.is_some_and(|face| face.italic && face.weight == 700), "{family}");
    }
}

#[test]
fn emphasis_that_only_italics_would_show_is_told_where_there_are_none() {
    let html = "<html lang=fa dir=rtl><p>این <em>تأکید</em> است و <em>این</em> هم";
    let upright = told(html, "p { font-family: Vazirmatn }");
    assert_eq!(
        upright,
        ["a.html:1:30: there are no italics of Arabic letters: nothing sets these words apart from those around\n  \
            say how they are set apart with `font-weight`, `color` or another `font-family`"]
    );
    for style in ["em { font-weight: bold }", "em { color: #800000 }", "em { font-style: normal }"] {
        assert_eq!(told(html, style), Vec::<String>::new(), "{style}");
    }
    // A word in a text of another script is set apart by its letters.
    assert_eq!(told("<p>the word <em lang=fa>تأکید</em>", ""), Vec::<String>::new());
}
