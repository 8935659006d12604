//! Faces that are asked for and not there.

use super::tests::{Nothing, SMALL, set_with};

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
