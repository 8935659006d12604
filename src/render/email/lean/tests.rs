//! What goes, and what stays.

use super::lean;

#[test]
fn a_class_that_no_sheet_names_goes() {
    let sheet = "<style>@media screen { .Kept, .mid-night>a { margin: .5em } }</style>\
                 <!--[if lte mso 11]><STYLE type=\"text/css\">.mj-outlook { width:100% }</STYLE><![endif]-->";
    for (html, expected) in [
        ("<p class=\"Kept\">a</p>", "<p class=\"Kept\">a</p>"),
        ("<p class=\"gone Kept  mid-night\" dir=\"rtl\">a</p>", "<p class=\"Kept mid-night\" dir=\"rtl\">a</p>"),
        ("<p title=\"a\" class=\"gone\" dir=\"rtl\">a</p>", "<p title=\"a\" dir=\"rtl\">a</p>"),
        ("<div class=\"mj-outlook kept-not\">a</div>", "<div class=\"mj-outlook\">a</div>"),
        ("<div class=\"gmail_quote mid\">a</div>", "<div class=\"gmail_quote\">a</div>"),
        ("<p class=\"MsoNormal mid\">a</p>", "<p class=\"MsoNormal\">a</p>"),
        ("<p title=\"a > b\" class=\"gone\">a</p>", "<p title=\"a > b\">a</p>"),
        ("<p hidden class=\"gone\">a</p>", "<p hidden>a</p>"),
        // What a reader is shown is no tag, and no attribute.
        ("<code>&lt;p class=\"gone\"&gt;</code>", "<code>&lt;p class=\"gone\"&gt;</code>"),
        ("<img alt=\"write class=\" width=\"9\">", "<img alt=\"write class=\" width=\"9\">"),
        ("<img alt=\"a class=\" class=\"gone\" width=\"9\">", "<img alt=\"a class=\" width=\"9\">"),
        ("<img data-class=\"gone\" alt=\" class=x\">", "<img data-class=\"gone\" alt=\" class=x\">"),
        // Outlook is given what was written for it.
        ("<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <", "<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <"),
        ("<!-- 5\" nails --><p class=\"gone\">a</p>", "<!-- 5\" nails --><p>a</p>"),
    ] {
        assert_eq!(lean(&format!("{sheet}{html}")), format!("{sheet}{expected}"));
    }
}

#[test]
fn all_stay_where_what_a_sheet_names_is_not_clear() {
    for selector in ["[class^=\"go\"]", "[ CLASS~=go ]", "[*|class]", ".sm\\:hidden", ".\\31 00"] {
        let html = format!("<style>@media print {{ {selector} {{ top: 0 }} }}</style><p class=\"gone\">a</p>");
        assert_eq!(lean(&html), html);
    }
}

#[test]
fn without_a_sheet_there_is_no_use_for_any() {
    assert_eq!(lean("<p class=\"gone\">a</p>"), "<p>a</p>");
}

#[test]
fn an_id_that_nothing_leads_to_goes() {
    for (html, expected) in [
        ("<p id=\"a\">a</p><a href=\"#a\">b</a>", "<p id=\"a\">a</p><a href=\"#a\">b</a>"),
        ("<p id=\"a\">a</p><a href=\"https://x.example/#a\">b</a>", "<p>a</p><a href=\"https://x.example/#a\">b</a>"),
        ("<h2 id=\"a\">a</h2><nav aria-labelledby=\"b a\">", "<h2 id=\"a\">a</h2><nav aria-labelledby=\"b a\">"),
        ("<th id=\"a\">a</th><td headers=\"a\">", "<th id=\"a\">a</th><td headers=\"a\">"),
        (
            "<p id=\"\u{622}\">a</p><a href=\"#%D8%A2\">b</a><!--[if mso]><a href=\"#c\"><![endif]--><i id=\"c\">",
            "<p id=\"\u{622}\">a</p><a href=\"#%D8%A2\">b</a><!--[if mso]><a href=\"#c\"><![endif]--><i id=\"c\">",
        ),
        (
            "<!-- set 5\" above --><b id=\"a\">a</b><a href=\"#a\">b</a><!--[if mso]><a href='#c'><![endif]--><i id=\"c\">",
            "<!-- set 5\" above --><b id=\"a\">a</b><a href=\"#a\">b</a><!--[if mso]><a href='#c'><![endif]--><i id=\"c\">",
        ),
        ("<p id=\"a%20b\"></p><a href=\" #a%20b \">", "<p id=\"a%20b\"></p><a href=\" #a%20b \">"),
        ("<p id=\"a&amp;b\"></p><a href=\"#a%26b\">", "<p id=\"a&amp;b\"></p><a href=\"#a%26b\">"),
        ("<g id=\"a.b\"></g><b fill=\"url(#a.b)\">", "<g id=\"a.b\"></g><b fill=\"url(#a.b)\">"),
        ("<p id=\"a&quot;b\"></p><a href=\"#a%22b\">", "<p id=\"a&quot;b\"></p><a href=\"#a%22b\">"),
        ("<g id=\"a\"></g><use xlink:href=\"#a\">", "<g id=\"a\"></g><use xlink:href=\"#a\">"),
        ("<style>#Hall b{top:0}</style><p id=\"Hall\">", "<style>#Hall b{top:0}</style><p id=\"Hall\">"),
        ("<style>[id]{top:0}</style><p id=\"a\">", "<style>[id]{top:0}</style><p id=\"a\">"),
    ] {
        assert_eq!(lean(html), expected);
    }
}

#[test]
fn a_language_and_a_direction_are_said_once() {
    let page = |within: &str| {
        format!("<html lang=\"en\" dir=\"ltr\"><body><div lang=\"en\" dir=\"ltr\">{within}</div></body></html>")
    };
    for (html, expected) in [
        ("<p lang=\"en\" dir=\"ltr\">a</p>", "<p>a</p>"),
        // A part of a line is also set apart by its direction.
        ("<span lang=\"en\" dir=\"ltr\">a</span>", "<span dir=\"ltr\">a</span>"),
        ("<p lang=\"fa\" dir=\"rtl\">a<br><i lang=\"fa\">b</i></p>", "<p lang=\"fa\" dir=\"rtl\">a<br><i>b</i></p>"),
        ("<p dir=\"rtl\"></p><p dir=\"ltr\"></p>", "<p dir=\"rtl\"></p><p></p>"),
        (
            "<div dir=\"rtl\"><p dir=\"rtl\"><b dir=\"ltr\"><p dir=\"ltr\">a",
            "<div dir=\"rtl\"><p dir=\"rtl\"><b dir=\"ltr\"><p dir=\"ltr\">a",
        ),
        ("<div dir=\"auto\"><p dir=\"ltr\">", "<div dir=\"auto\"><p dir=\"ltr\">"),
        ("<p lang=\"fa\"><i></p><p lang=\"en\">", "<p lang=\"fa\"><i></p><p>"),
        // What looks like a comment opens an element, and the end of it closes none around it.
        (
            "<div lang=\"fa\" dir=\"rtl\"><div title=\"<!-- x -->\">a</div><p lang=\"en\" dir=\"ltr\">b</p></div>",
            "<div lang=\"fa\" dir=\"rtl\"><div title=\"<!-- x -->\">a</div><p lang=\"en\" dir=\"ltr\">b</p></div>",
        ),
        ("<object><param lang=\"fa\"><p lang=\"fa\">", "<object><param lang=\"fa\"><p lang=\"fa\">"),
        ("<bdi><p dir=\"ltr\">", "<bdi><p dir=\"ltr\">"),
        ("<td style=\"top:0; direction: ltr\"><p dir=\"ltr\">", "<td style=\"top:0; direction: ltr\"><p>"),
        (
            "<td dir=\"rtl\"><td style=\"direction:ltr\"><p dir=\"ltr\">",
            "<td dir=\"rtl\"><td style=\"direction:ltr\"><p dir=\"ltr\">",
        ),
        ("<p style=\"flex-direction:ltr\"><p dir=\"ltr\">", "<p style=\"flex-direction:ltr\"><p dir=\"ltr\">"),
        ("<p style=\"display: inline\" dir=\"ltr\">", "<p style=\"display: inline\" dir=\"ltr\">"),
        (
            "<p dir=\"ltr\" style=\"direction:rtl\"><p dir=\"ltr\">",
            "<p dir=\"ltr\" style=\"direction:rtl\"><p dir=\"ltr\">",
        ),
    ] {
        assert_eq!(lean(&page(html)), page(expected));
    }
    for sheet in ["[dir=rtl] p{top:0}", "p:dir(rtl){top:0}", "@media print{p{direction:rtl}}"] {
        let html = page(&format!("<style>{sheet}</style><p dir=\"ltr\">a</p>"));
        assert_eq!(lean(&html), html);
    }
    for sheet in ["[lang|=fa] p{top:0}", ":lang(fa){top:0}"] {
        let html = page(&format!("<style>{sheet}</style><p lang=\"en\">a</p>"));
        assert_eq!(lean(&html), html);
    }
}

#[test]
fn a_time_is_said_in_words_alone() {
    assert_eq!(
        lean("<time datetime=\"2025-11-01\" title=\"a\">1 November</time>"),
        "<time title=\"a\">1 November</time>"
    );
    for kept in
        ["<style>time[datetime]{top:0}</style><time datetime=\"2025\">a</time>", "<del datetime=\"2025\">a</del>"]
    {
        assert_eq!(lean(kept), kept);
    }
}

#[test]
fn lines_begin_without_blanks_where_these_are_not_shown() {
    assert_eq!(lean("<p>a\n   b <i>\n\t c</i></p>\n  <p>"), "<p>a\nb <i>\nc</i></p>\n<p>");
    for shown in [
        "<pre>a\n  <b>b\n  c</b></pre>",
        "<p style=\"WHITE-SPACE:pre-wrap\">a\n  b</p>",
        "<style>@media print{.v{white-space:pre}}</style><p class=\"v\">a\n  b</p>",
    ] {
        assert_eq!(lean(shown), shown);
    }
}
