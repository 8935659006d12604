use std::path::Path;

use super::{Repaired, repair};
use crate::collect::feed::faults::warnings;

/// The repaired text, and what is told of it.
fn read(text: &str) -> (String, Vec<String>) {
    let Repaired { text: repaired, mut faults, end, .. } = repair(text);
    faults.extend(end);
    let told = warnings(faults, text, Path::new("f"));
    (repaired, told.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_well_formed_stays() {
    for text in ["<a b=\"c\"><![CDATA[<x>]]>d &amp; e<f/></a>", "<a xml:lang=\"é\">\r\n</a>", ""] {
        assert_eq!(read(text), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn elements_are_closed_where_they_must_end() {
    let (text, told) = read("<rss><item><title>One<link>1</link></item>\n<item><b>x</c></item>");
    assert_eq!(text, "<rss><item><title>One</title><link>1</link></item>\n<item><b>x</b></item></rss>");
    assert_eq!(
        told,
        [
            "f:1:22: `title` was not closed before `link` ends it",
            "f:2:11: an end tag closes nothing and was dropped",
            "f:2:15: `b` was not closed before `item` ends it",
            "f:2:22: the document ends before `rss` is closed",
        ]
    );
}

#[test]
fn what_holds_nothing_is_closed_before_what_follows_it() {
    let (text, told) = read(
        "<rss><item><enclosure url=\"a\"><enclosure url=\"b\"><guid>1</guid><media:thumbnail url=\"c\"><description>d</description></item></rss>",
    );
    assert_eq!(
        text,
        "<rss><item><enclosure url=\"a\"></enclosure><enclosure url=\"b\"></enclosure><guid>1</guid>\
         <media:thumbnail url=\"c\"></media:thumbnail><description>d</description></item></rss>"
    );
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn bare_characters_become_text() {
    let (text, told) = read("<a>1 < 2 <3\u{8} <b@c.example></a><!--");
    assert_eq!(text, "<a>1 &lt; 2 &lt;3 &lt;b@c.example></a>");
    assert_eq!(
        told,
        [
            "f:1:6: a bare `<` was taken as text; it is written `&lt;` (and 2 times more)",
            "f:1:12: the character U+0008 is not allowed in XML and was dropped",
            "f:1:31: a comment that does not end was taken as text",
        ]
    );
}

#[test]
fn attributes_are_quoted_and_sections_end() {
    let (text, told) = read("<a b=c d d='\"' e:=1><f><![CDATA[x < y</f></a>");
    assert_eq!(text, "<a b=\"c\" d=\"d\"><f><![CDATA[x < y]]></f></a>");
    assert_eq!(
        told,
        [
            "f:1:1: attributes were not written as XML has them",
            "f:1:24: a CDATA section does not end; its element ends it",
        ]
    );
    let (text, _) = read("<a><![CDATA[x]\u{8}]>y]]></a>");
    assert_eq!(text, "<a><![CDATA[x]]]]><![CDATA[>y]]></a>");
}

#[test]
fn places_in_the_repaired_text_are_those_of_the_document() {
    let text = "<a>\u{8}<b x=1>one</b>\u{8}<c>two</a>";
    let repaired = repair(text);
    for wanted in ["one", "two", "<c>", "<b"] {
        let at = repaired.text.find(wanted).unwrap();
        assert_eq!(repaired.original(at), text.find(wanted).unwrap(), "{wanted}");
    }
}

#[test]
fn a_hostile_text_takes_no_longer_than_its_length() {
    let many = 200_000;
    for piece in ["<a>", "<!--", "<![CDATA[", "<a b=\"", "<!DOCTYPE [", "<?x", "</a", "<", "<item>", "&", "<a b='<"] {
        let text = piece.repeat(many);
        let repaired = repair(&text);
        assert!(repaired.text.len() <= text.len() * 6, "{piece}");
    }
}
