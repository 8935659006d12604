//! Names and notes of posts in several scripts.

use super::tests::{Sample, text};
use crate::model::Post;
use crate::render::Output;
use crate::render::samples::{html, issue, post};

#[test]
fn names_of_another_direction_stand_apart() {
    let mut sample = Sample::new();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    sample.posts.push(Post {
        tags: names(&["C++", "سلام"]),
        authors: names(&["Bob (Jr.)", "آرش"]),
        section: Some("Q&A (!)".to_owned()),
        ..post(9, "fa", "نوشته", "")
    });
    sample.posts.push(Post { authors: names(&["آرش", "Ann"]), ..post(8, "en", "Both", "") });
    let outputs = sample.draw(|_| ());
    let byline = "<bdi class=\"author\">\u{2067}\u{2068}Bob (Jr.)\u{2069}، آرش\u{2069}</bdi>";
    for (path, parts) in [
        (
            "fa/posts/post-9/index.html",
            &[
                "/\"><bdi dir=\"ltr\">C++</bdi></a>",
                "سلام/\">سلام</a>",
                "/\"><bdi dir=\"ltr\">Bob (Jr.)</bdi></a>",
                "/\"><bdi dir=\"ltr\">Q&amp;A (!)</bdi></a>",
                byline,
            ][..],
        ),
        ("fa/index.html", &["/\"><bdi dir=\"ltr\">Q&amp;A (!)</bdi></a>", byline]),
        ("fa/tags/c-plus-plus/index.html", &["<h1><bdi dir=\"ltr\">C++</bdi></h1>"]),
        ("posts/post-8/index.html", &["<bdi class=\"author\">By \u{2066}\u{2068}آرش\u{2069}, Ann\u{2069}</bdi>"]),
        ("posts/post-1/index.html", &["<bdi class=\"author\">By The editors</bdi>", "reports/\">Reports</a>"]),
    ] {
        let page = text(&outputs, path);
        for part in parts {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }
}

#[test]
fn notes_are_called_by_the_digits_that_count_them() {
    let body = "<p>A<sup class=\"footnote-reference\" id=\"fnref-1\"><a href=\"#fn-1\">1</a></sup></p>";
    let mut sample = Sample::new();
    sample.posts.extend([post(8, "en", "Notes", body), post(9, "fa", "پانوشت", body)]);
    let article = |tag: &str| issue(tag, "x", vec![post(9, tag, "x", body)]).sections.remove(0);
    sample.issues[1].sections = vec![article("fa"), article("en"), article("ar"), article("ar-MA"), article("he")];
    sample.issues[1].intro = Some(html(body));
    let outputs = sample.draw(|_| ());
    let calls = |outputs: &[Output], path: &str| -> Vec<String> {
        let page = text(outputs, path);
        let calls = page.split("<sup ").skip(1).filter_map(|rest| rest.split('>').nth(2)?.split('<').next());
        calls.map(str::to_owned).collect()
    };
    assert_eq!(calls(&outputs, "posts/post-8/index.html"), ["1"]);
    assert_eq!(calls(&outputs, "fa/posts/post-9/index.html"), ["۱"]);
    assert_eq!(calls(&outputs, "khabarnameh/1/index.html"), ["۱", "۱", "1", "١", "1", "1"]);
    // The style sheet counts the notes so, and in no other language.
    let styles = text(&outputs, "style.css");
    let lists = styles.lines().filter(|line| line.starts_with(":is(.body, .intro) ol:is("));
    let counted = lists.flat_map(|line| {
        let style = line.rsplit("list-style-type: ").next().unwrap().trim_end_matches("; }").to_owned();
        line.split(":lang(").skip(1).map(move |rest| (rest.split(')').next().unwrap().to_owned(), style.clone()))
    });
    let counted: Vec<(String, String)> = counted.collect();
    assert!(counted.len() > 12, "{counted:?}");
    sample.issues[1].intro = None;
    sample.issues[1].sections = counted.iter().map(|(tag, _)| article(tag)).collect();
    let digit = |style: &str| {
        if style == "persian" {
            "۱"
        } else if style == "decimal" {
            "1"
        } else {
            "١"
        }
    };
    let expected: Vec<&str> = counted.iter().map(|(_, style)| digit(style)).collect();
    let outputs = sample.draw(|_| ());
    assert_eq!(calls(&outputs, "khabarnameh/1/index.html"), expected, "{counted:?}");
}
