//! How long a mail is, and what is left out of one that would be longer.

use super::tests::{drawn, english, read_in};
use super::{LONGEST, digest};
use crate::model::{Detail, Issue, Language, Post};
use crate::render::samples::{html, issue, post};
use crate::templates::Templates;
use crate::templates::dates::numerals;

/// An issue whose articles take about `kilobytes`.
fn long(kilobytes: usize, public: bool) -> Issue {
    let body = format!("<p>First of all.</p>{}", "<p>Word after word after word.</p>".repeat(32));
    let posts: Vec<Post> = (0..kilobytes as u32).map(|n| post(n, "en", &format!("Piece {n}"), &body)).collect();
    let mut issue = issue("en", "Newsletter", posts);
    issue.series.public = public;
    issue
}

#[test]
fn a_long_issue_is_cut_to_beginnings_then_to_titles() {
    for (kilobytes, detail) in [(20, Detail::Articles), (60, Detail::Leads), (300, Detail::Contents)] {
        let digest = drawn(&long(kilobytes, true));
        assert_eq!(digest.detail, detail, "{kilobytes} KB");
        assert!(digest.marks.length(&digest.html) <= LONGEST);
        assert!(digest.html.contains("Piece 0") && digest.text.contains("Piece 0"));
        assert_eq!(digest.text.contains("Word after word"), detail == Detail::Articles);
    }
    let private = digest(&long(300, false), &Templates::builtin()).unwrap();
    assert!(private.warnings.is_empty(), "{:?}", private.warnings);
    let private = private.value;
    assert!(private.html.contains("href=\"https://compositor.example/posts/post-7/\""), "titles lead to the posts");
}

#[test]
fn articles_that_stand_nowhere_else_stay_whole_and_it_is_told_where_they_are_too_long() {
    for (kilobytes, told) in [(20, 0), (150, 1)] {
        let mut issue = long(kilobytes, false);
        issue.sections.iter_mut().flat_map(|section| &mut section.articles).for_each(|one| one.for_members = true);
        let made = digest(&issue, &Templates::builtin()).unwrap();
        assert_eq!(made.value.html.matches("Word after word after word.").count(), kilobytes * 32);
        let warnings: Vec<_> = made.warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert_eq!(warnings.len(), told, "{warnings:?}");
        assert!(warnings.iter().all(|one| one.contains("KB of HTML, of which some providers show 102 KB")));
    }
}

#[test]
fn of_very_many_titles_as_many_stand_as_have_room_and_the_others_are_counted() {
    let all = 1500;
    for public in [true, false] {
        let drawn = digest(&long(all, public), &Templates::builtin()).unwrap();
        let digest = drawn.value;
        assert_eq!((digest.detail, drawn.warnings.len()), (Detail::Contents, 1));
        let length = digest.marks.length(&digest.html);
        assert!(length <= LONGEST && length > LONGEST * 95 / 100, "{length}");
        let titles = digest.html.matches("class=\"entry\"").count();
        assert!(titles > 100 && digest.text.matches("\n- Piece ").count() == titles, "{titles}");
        let left_out = (all - titles).to_string();
        let persian = numerals(&left_out, &Language::parse("fa").unwrap());
        for (tag, words) in [
            ("en", format!("and {left_out} more")),
            ("fa", format!("و {persian} مطلب دیگر")),
            ("sq", format!("dhe {left_out} të tjera")),
            ("ar", "وغيرها: ".to_owned()),
        ] {
            let read = read_in(tag, &digest);
            for part in [&read.html, &read.text] {
                assert_eq!(part.matches(&words).count(), 1, "{words} in {part}");
                assert_eq!(part.contains("https://compositor.example/newsletter/3/"), public);
            }
        }
    }
}

#[test]
fn a_mail_without_room_for_titles_has_no_heading_over_nothing() {
    let mut issue = english();
    issue.intro = Some(html(&format!("<p>{}</p>", "Word after word. ".repeat(8000))));
    let endless = digest(&issue, &Templates::builtin()).unwrap();
    assert_eq!((endless.value.detail, endless.warnings.len()), (Detail::Notice, 2), "no titles, and too long even so");
    let read = read_in("en", &endless.value);
    assert!(read.html.contains("https://compositor.example/newsletter/3/") && !read.html.contains("<nav"));
    for part in [&read.html, &read.text] {
        assert!(part.contains("Read the rest") && !part.contains("Inside this issue"), "{part}");
    }
}
