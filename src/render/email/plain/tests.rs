//! Markup in, text out.

use super::{columns, wrap};
use crate::model::Direction;

fn plain(html: &str) -> String {
    super::plain(html, Direction::Ltr, str::to_owned)
}

fn from_the_right(html: &str) -> String {
    super::plain(html, Direction::Rtl, str::to_owned)
}

#[test]
fn numbers_are_written_in_the_digits_of_the_language() {
    let html = "<ol start=\"9\"><li>nine</li><li><a href=\"https://x.example/2\">ten</a></li></ol>";
    let text = super::plain(html, Direction::Ltr, |digits| digits.chars().map(|c| char::from(c as u8 + 17)).collect());
    assert_eq!(text, "J. nine\nBA. ten [B]\n\n[B] https://x.example/2");
}

#[test]
fn a_caption_that_equals_the_description_is_said_once() {
    let figure = |caption: &str| {
        plain(&format!(
            "<figure><img src=\"x\" alt=\"A press\"><figcaption>{caption}</figcaption></figure><p>Text.</p>"
        ))
    };
    assert_eq!(figure(" A press\n"), "[A press]\n\nText.");
    assert_eq!(figure("A press in Paris"), "[A press]\n\nA press in Paris\n\nText.");
}

#[test]
fn blocks_become_lines() {
    let html = "<h2>On the composing stick</h2><p>A <em>stick</em>&nbsp;holds\n lines &amp; leads.<br>Next line.</p>\
                <ul><li>One<ul><li>inner</li></ul></li><li><p>Two</p><p>more of two</p></li></ul>\
                <ol start=\"9\"><li>nine</li><li>ten</li></ol>\
                <blockquote><p>Quoted.</p><p>Twice.</p></blockquote><pre><code>fn main() {\n    x\n}\n</code></pre>\
                <table><thead><tr><th>Year</th><th>Press</th></tr></thead><tbody><tr><td>1814</td><td>Steam</td></tr></tbody></table>\
                <hr><figure><img src=\"x\" alt=\"A press\"><figcaption>In Paris</figcaption></figure>";
    insta::assert_snapshot!(plain(html), @r#"
    On the composing stick
    ======================

    A stick holds lines & leads.
    Next line.

    - One
      - inner
    - Two

      more of two

    9. nine
    10. ten

    > Quoted.
    >
    > Twice.

        fn main() {
            x
        }

    | Year | Press |
    | 1814 | Steam |

    * * *

    [A press]

    In Paris
    "#);
}

#[test]
fn links_are_numbered_once_and_left_out_where_the_words_are_the_address() {
    let html = "<p><a href=\"https://a.example/\">a</a> <a href=\"https://b.example/x?y=1&amp;z=2\">b</a> \
                <a href=\"https://a.example/\">again</a> <a href=\"https://c.example/\">https://c.example</a> \
                <a href=\"#fn1\">1</a> <a href=\"mailto:e@x.example\">e@x.example</a> <a href=\"https://d.example/\"><img src=\"i\"></a></p>";
    insta::assert_snapshot!(plain(html), @r#"
    a [1] b [2] again [1] https://c.example 1 e@x.example

    [1] https://a.example/
    [2] https://b.example/x?y=1&z=2
    "#);
}

#[test]
fn lines_are_wrapped_in_columns_and_persian_keeps_its_joiners() {
    let persian = "نیم\u{200c}فاصله ".repeat(20);
    let text = plain(&format!("<blockquote><ul><li>{persian}</li></ul></blockquote>"));
    assert_eq!(text.matches("نیم\u{200c}فاصله").count(), 20);
    assert!(text.lines().all(|line| columns(line) <= 72), "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with(">   ن")), "{text}");
    let japanese = "活字を組む".repeat(20);
    assert!(wrap(&japanese, "").lines().all(|line| columns(line) <= 72));
    let address = format!("https://x.example/{}", "a".repeat(90));
    assert!(wrap(&format!("See {address} now"), "").lines().any(|line| line == address));
}

#[test]
fn lines_that_latin_letters_begin_keep_the_direction_of_their_article() {
    let html = "<p>Heidelberg در ۱۳۱۲ بود.<br>https://x.example/</p><p>(۳) 10 in آمد</p>\
                <blockquote><p>Quoted نقل</p></blockquote><ul><li>C++ است<br>Rust هم</li></ul>\
                <table><tr><td>The Art</td><td>2024</td></tr><tr><td>هنر</td><td>x</td></tr><tr><td>۱۴۰۴</td><td>۲۰</td></tr></table>\
                <pre><code>let x = 1;</code></pre><h2>Type و چاپ</h2>\
                <div dir=\"ltr\"><p>English.</p><div><p>More.</p></div><p dir=\"rtl\">Mixed متن</p></div>\
                <p dir=\"auto\">Auto</p><p>پایان <a href=\"https://y.example/\">x</a></p>\
                <p><code>cargo run -- --now;</code></p><ul><li>info@example.org</li><li>C++</li></ul>\
                <p>نشانی<br>info@example.org<br>www.example.org/a?b=c</p><p>اپل \u{f8ff} apple</p>";
    let text = from_the_right(html).replace('\u{f8ff}', "%").replace('\u{200f}', "@");
    insta::assert_snapshot!(text, @r"
    @Heidelberg در ۱۳۱۲ بود.
    https://x.example/

    @(۳) 10 in آمد

    > @Quoted نقل

    - @C++ است
      @Rust هم

    @| The Art | 2024 |
    | هنر | x |
    @| ۱۴۰۴ | ۲۰ |

        let x = 1;

    @Type و چاپ
    ==========

    English.

    More.

    @Mixed متن

    Auto

    پایان x [1]

    cargo run -- --now;

    - info@example.org
    - C++

    نشانی
    info@example.org
    www.example.org/a?b=c

    اپل % apple

    [1] https://y.example/
    ");
    assert_eq!(plain(html).matches('\u{200f}').count(), 1, "of what says that it runs so");
}

#[test]
fn lines_that_something_apart_begins_keep_the_direction_of_their_article() {
    for (line, turned) in [
        ("\u{2068}متن.pdf\u{2069} (PDF)", true),
        ("\u{2068}a.pdf\u{2069} متن", true),
        ("\u{2068}a.pdf\u{2069}:", true),
        ("(\u{2067}متن \u{2066}a\u{2069} متن\u{2069}) PDF", true),
        ("(\u{2066}PDF\u{2069}) متن", false),
        ("متن \u{2068}a.pdf\u{2069} (PDF)", false),
    ] {
        let mark = if turned { "\u{200f}" } else { "" };
        assert_eq!(super::from_the_right(line, "", ""), format!("{mark}{line}"));
    }
}

#[test]
fn rows_of_verse_end_lines_between_their_halves() {
    let halves = ["مرا در منزل جانان چه امن عیش چون هر دم", "جرس فریاد می\u{200c}دارد که بربندید محمل\u{200c}ها"];
    let html = format!("<table><tr><td>{}</td><td>{}</td></tr></table>", halves[0], halves[1]);
    assert_eq!(from_the_right(&html), format!("| {} |\n{} |", halves[0], halves[1]));
    let long = format!("<table><tr><td>{}</td><td>x</td></tr></table>", "متن ".repeat(30).trim());
    assert!(from_the_right(&long).lines().all(|line| columns(line) <= 72));
}

#[test]
fn nothing_hostile_stops_it() {
    assert_eq!(plain(""), "");
    assert_eq!(plain("</li></ul></blockquote>x</a>"), "x");
    assert_eq!(from_the_right("</div><p dir=\"ltr\"><p dir><p>x</p></div>"), "x");
    assert_eq!(plain(&"<blockquote>".repeat(3)), "");
}

#[test]
fn notes_are_told_from_words() {
    let html = "<p>Text<sup><a href=\"#a--fn-1\">1</a></sup>.</p><ol><li><p>A note. <a href=\"#a--fnref-1\">\u{21a9}\u{fe0e}</a></p></li></ol>";
    assert_eq!(plain(html), "Text^1.\n\n1. A note.");
    let persian = |digits: &str| digits.replace('1', "۱");
    assert_eq!(super::plain(html, Direction::Ltr, persian), "Text^۱.\n\n۱. A note.", "the same number at both ends");
}
