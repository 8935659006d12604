//! Names, notes and lines of articles in several scripts.

use super::digest;
use crate::model::{Digest, Issue, Post};
use crate::render::samples::{html, issue, post};
use crate::templates::Templates;

const NOTE: &str = "<p>A<sup class=\"footnote-reference\" id=\"r\"><a href=\"#n\">1</a></sup></p><section \
                    class=\"footnotes\"><ol><li id=\"n\"><p>B.</p></li></ol></section>";

fn drawn(issue: &Issue) -> Digest {
    digest(issue, &Templates::builtin()).unwrap_or_else(|error| panic!("{error}")).value
}

fn by(names: &[&str], post: Post) -> Post {
    Post { authors: names.iter().map(|name| (*name).to_owned()).collect(), ..post }
}

/// How the calls and the lists of notes of a mail's HTML are numbered, in order.
fn numbered(html: &str) -> Vec<(String, String)> {
    let notes = html.split("<sup").skip(1).filter_map(|rest| {
        let call = rest.split('>').nth(2)?.split('<').next()?;
        let list = rest.split("<ol").nth(1)?.split('>').next()?;
        let style = list
            .split("list-style-type:")
            .nth(1)
            .map_or("decimal", |style| style.trim_start().split([';', '"']).next().unwrap());
        Some((call.to_owned(), style.to_owned()))
    });
    notes.collect()
}

#[test]
fn notes_are_called_by_the_digits_that_count_them() {
    for (own, calls, text) in [
        (
            "fa",
            [("۱", "persian"), ("۱", "persian"), ("1", "decimal"), ("١", "arabic-indic"), ("1", "decimal")],
            "۱۱1١1",
        ),
        (
            "ar",
            [("١", "arabic-indic"), ("۱", "persian"), ("1", "decimal"), ("١", "arabic-indic"), ("1", "decimal")],
            "١۱1١1",
        ),
        (
            "en",
            [("1", "decimal"), ("۱", "persian"), ("1", "decimal"), ("١", "arabic-indic"), ("1", "decimal")],
            "1۱1١1",
        ),
    ] {
        let posts = ["fa", "en", "ar", "ar-MA"].iter().zip(1..).map(|(tag, n)| post(n, tag, "x", NOTE));
        let issue = Issue { intro: Some(html(NOTE)), ..issue(own, "x", posts.collect()) };
        let digest = drawn(&issue);
        assert_eq!(numbered(&digest.html), calls.map(|(call, list)| (call.to_owned(), list.to_owned())), "{own}");
        for digit in text.chars() {
            assert!(digest.text.contains(&format!("A^{digit}\n\n{digit}. B.")), "{own} {digit}: {}", digest.text);
        }
    }
}

#[test]
fn a_list_in_another_language_within_an_article_is_counted_in_that() {
    let body = "<ol lang=\"en\" dir=\"ltr\"><li>a</li></ol>";
    let html = drawn(&issue("fa", "x", vec![post(1, "fa", "x", body)])).html;
    let list = html.split("<ol lang=\"en\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(list.contains("list-style-type:decimal"), "{list}");
}

#[test]
fn names_keep_their_order_and_draw_nothing_to_them() {
    let persian = by(&["Ann", "آرش"], post(1, "fa", "نوشته", "<p>متن</p>"));
    let english = by(&["آرش"], post(2, "en", "Words", "<p>Text</p>"));
    let plain = by(&["Zoe", "Ann"], post(3, "en", "Other words", "<p>Text</p>"));
    let digest = drawn(&issue("fa", "خبرنامه", vec![persian.clone()]));
    let names = "\u{2067}\u{2068}Ann\u{2069}، آرش\u{2069}";
    assert_eq!(digest.html.matches(names).count(), 2, "in the contents and above the text: {}", digest.html);
    assert!(digest.text.contains(&format!("\u{200f}{names}\u{200f} \u{b7} ")), "{}", digest.text);
    let digest = drawn(&issue("en", "News", vec![english, plain]));
    assert!(digest.text.contains("\n\u{2066}By آرش\u{2069} \u{b7} 2 July"), "{}", digest.text);
    assert!(digest.text.contains("\nBy Zoe, Ann \u{b7} 2 July"), "{}", digest.text);
    assert!(digest.html.contains("By Zoe, Ann</bdi>"), "{}", digest.html);
}

#[test]
fn nothing_is_written_around_names_that_turn_nothing() {
    let heading = |tag: &str, title: &str| {
        let mut issue = issue(tag, "x", vec![post(1, tag, "x", "<p>y</p>")]);
        issue.sections[0].title = title.to_owned();
        let html = drawn(&issue).html;
        html.split("<h2 class=\"section\"")
            .nth(1)
            .unwrap()
            .split_once('>')
            .unwrap()
            .1
            .split("</h2>")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(heading("en", "C++"), "C++");
    assert_eq!(heading("fa", "گزارش"), "گزارش");
    assert_eq!(heading("fa", "C++"), "<bdi dir=\"ltr\">C++</bdi>");
}

#[test]
fn lines_of_persian_text_keep_their_direction() {
    let own = post(1, "fa", "The Art of Type به فارسی", "<p>Heidelberg در ۱۳۱۲</p>");
    let text = drawn(&issue("fa", "خبرنامه", vec![own, post(2, "en", "Title", "<p>Words.</p>")])).text;
    for line in ["- \u{200f}The Art of Type به فارسی", "\u{200f}The Art of Type به فارسی", "\u{200f}Heidelberg در ۱۳۱۲"]
    {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    for line in ["- Title", "Title", "Words."] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    let english = issue("en", "Newsletter", vec![post(1, "en", "Title", "<p>Words.</p>")]);
    assert!(!drawn(&english).text.contains('\u{200f}'));
}
