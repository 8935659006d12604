//! What is encoded reads as before, whatever it is.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, State};
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use proptest::sample::select;

use super::{LONGEST, LONGEST_WITH_PLACE, beside, encoded, page, words};
use crate::deliver::dkim::relaxed_body;

const MARK: &str = "a-mark-of-an-open-place";

fn marks() -> Vec<String> {
    vec![MARK.to_owned()]
}

/// What a browser finds in a page, with ends of lines as blanks where they are shown as such.
#[derive(Default)]
struct Found {
    tokens: Vec<String>,
    /// Of each element that is open whether ends of lines are shown in it.
    open: Vec<bool>,
    sheet: bool,
}

struct Sink(RefCell<Found>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut found = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if found.sheet => {
                for word in text.split_ascii_whitespace() {
                    let open = found.tokens.last_mut().unwrap();
                    open.push(' ');
                    open.push_str(word);
                }
            }
            Token::CharacterTokens(text) => {
                let is_kept = found.open.last() == Some(&true);
                if found.tokens.last().is_none_or(|last| !last.starts_with('=')) {
                    found.tokens.push("=".to_owned());
                }
                let shown = found.tokens.last_mut().unwrap();
                for c in text.chars() {
                    let is_blank = c.is_ascii_whitespace() && !is_kept;
                    if !is_blank || !shown.ends_with(' ') {
                        shown.push(if is_blank { ' ' } else { c });
                    }
                }
            }
            Token::TagToken(tag) => {
                let name = &*tag.name;
                let values = tag.attrs.iter().map(|one| format!(" {}={:?}", &one.name.local, &*one.value));
                let values: String = values.collect();
                found.tokens.push(format!("<{:?} {}{values}>", tag.kind, tag.name));
                let around = found.open.last() == Some(&true);
                match tag.kind {
                    TagKind::StartTag if name == "br" => {}
                    TagKind::StartTag => found.open.push(around || name == "pre" || values.contains("white-space")),
                    TagKind::EndTag => _ = found.open.pop(),
                }
                if name == "style" {
                    found.sheet = tag.kind == TagKind::StartTag;
                    if found.sheet {
                        return TokenSinkResult::RawData(RawKind::Rawtext);
                    }
                }
            }
            Token::CommentToken(comment) => {
                // To whom it is meant for it is a page.
                let comment = comment.replace("&#233;", "\u{e9}");
                let comment: Vec<&str> = comment.split_ascii_whitespace().collect();
                found.tokens.push(format!("!{}", comment.join(" ")));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn read(html: &str) -> Vec<String> {
    let options = TokenizerOpts { initial_state: Some(State::Data), ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), options);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().tokens
}

/// Asserts what must hold of all that is encoded.
fn is_safe(page: &str) {
    assert!(page.is_ascii() && !page.contains("=_"));
    for line in page.split('\n') {
        assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
        let longest = if line.contains(MARK) { LONGEST_WITH_PLACE } else { LONGEST };
        assert!(
            line.len() <= longest && !line.contains("  ") && !line.contains('\t') && !line.ends_with(' '),
            "{line:?}"
        );
    }
    let body = format!("{}\r\n", page.replace('\n', "\r\n"));
    let is_empty = page.trim_matches('\n').is_empty() || page.ends_with('\n');
    assert!(is_empty || *relaxed_body(body.as_bytes()) == *body.as_bytes());
}

#[test]
fn a_page_reads_as_before() {
    for (html, expected) in [
        ("<p>a \u{b7} \u{e9}t\u{e9}\u{1f600}</p>", "<p>a &#183; &#233;t&#233;&#128512;</p>"),
        ("<p title=\"a \u{e9}\nb\">c</p>", "<p title=\"a &#233;\nb\">c</p>"),
        ("<p\n  lang=\"fa\"   dir=\"rtl\" >c</p>", "<p\nlang=\"fa\" dir=\"rtl\" >c</p>"),
        (".a\n.b\n-c\nFrom d\nFro", "&#46;a\n&#46;b\n-c\n&#70;rom d\nFro"),
        ("<p title=\"=_a\">a=_b == c=", "<p title=\"&#61;_a\">a&#61;_b == c="),
        ("a \n b\t\tc  <b>d</b>", "a\n b c <b>d</b>"),
        ("<pre>a b\n\n .c\n</pre>", "<pre>a b\n\n .c\n</pre>"),
        ("<style>.a { top: 0 }\n.b  { top: 0 }</style>", "<style>.a { top: 0 }\n .b { top: 0 }</style>"),
        ("<!--[if mso]>\n  <p>  a\n\n.c<![endif]-->", "<!--[if mso]>\n<p> a\n\n .c<![endif]-->"),
    ] {
        let page = encoded(html, &[]).unwrap();
        assert_eq!(page, expected);
        is_safe(&page);
        assert_eq!(read(&page), read(html));
    }
}

#[test]
fn what_would_be_another_page_is_not_encoded() {
    let long = "x".repeat(LONGEST + 1);
    let in_line_with_place = format!("{}{MARK}", "x".repeat(LONGEST_WITH_PLACE));
    let words = "a ".repeat(600);
    for html in [
        "<style>a { content: \"\u{e9}\" }</style>",
        "<style>a { content: \"  \" }</style>",
        "<style>a<b</style>",
        "<style>.a\\:b{top:0}</style>",
        "<script>a()</script>",
        "<p \u{e9}=\"a\">",
        "a < b",
        "<!-- =_a -->",
        "<!-- \u{e9} -->",
        "a\u{0}",
        "<p title=\"\u{85}\">",
        "a\rb",
        "a ",
        // Many references to signs of ASCII look as if something was to be hidden.
        "<pre>a  b</pre>",
        "<pre>a\tb</pre>",
        "<pre>a \nb</pre>",
        "<p title=\"a  b\">",
        &long,
        &in_line_with_place,
        &format!("<!--{words}-->"),
        &format!("<p>{}</p>", "\u{5c71} ".repeat(200)),
        &format!("<p>{}</p>", "a\u{200b} ".repeat(200)),
        &format!("<pre>{words}</pre>"),
        &format!("<p style=\"top:0; White-Space: pre-line\">{words}</p>"),
        &format!("<p>{words}</p><style>p{{WHITE-space:pre}}</style>"),
    ] {
        assert_eq!(encoded(html, &marks()), None, "{html}");
    }
}

#[test]
fn a_page_of_many_references_is_not_encoded() {
    for (letters, is_encoded) in [(10, true), (30, false)] {
        let html = format!("<p>{}{}</p>", "\u{eb}".repeat(letters), "a\n".repeat(2000));
        assert_eq!(page(&html, &[]).is_some(), is_encoded, "{letters}");
    }
}

#[test]
fn long_lines_are_broken_where_nobody_sees_it() {
    for html in [
        format!("<p>{}</p>", "word ".repeat(600)),
        format!("<p>{}</p>", ". - From a ".repeat(300)),
        format!("<p>{}</p>", "a \u{5c71} b\u{200b} c d ".repeat(100)),
        format!("<pre>{}</pre>", "<b class=\"a\" title=\"b\">c </b>".repeat(100)),
        format!("<i style=\"white-space:pre\">a</i><p>{}</p>", "word ".repeat(600)),
        format!("<p>{} {MARK} {}</p>", "a ".repeat(300), "a ".repeat(300)),
    ] {
        let page = encoded(&html, &marks()).unwrap();
        is_safe(&page);
        assert_eq!(read(&page), read(&html));
    }
}

#[test]
fn whatever_stands_in_a_place_is_safe_there() {
    let pieces = ["", ".", "=", "_", "--=_a1", " ", "a", "a ", " a", ".a.", "From ", "From a", "F", "\u{6cc}", "\n"];
    for before in pieces {
        for word in pieces {
            for after in pieces {
                let html = format!("<p>{before}{MARK}{after}</p>");
                let page = encoded(&html, &marks()).unwrap();
                let (first, last) = page.split_once(MARK).unwrap();
                let filled =
                    format!("{}{}{}", beside(first, false, true), words(word).unwrap(), beside(last, true, false));
                is_safe(&filled);
                assert_eq!(read(&filled), read(&html.replace(MARK, word)), "{before:?} {word:?} {after:?}");
            }
        }
    }
    assert!(["a\u{85}", "a  b", "\t"].iter().all(|word| words(word).is_none()));
}

const PARTS: [&str; 23] = [
    "<p>",
    "<pre>",
    "<i style=\"white-space: pre\">",
    "<i>",
    "<b title=\"a  .\u{e9} \n.x \">",
    "<a href=\"https://x.example/?a=b&amp;c=d\">",
    END,
    END,
    " ",
    "  ",
    "\n",
    "\t",
    ".",
    "--=_",
    "From ",
    "\u{e9}",
    "&amp;",
    "word",
    "some more words, of which each may be the last ",
    "<!--[if mso]>  .x\n.y <p  class=\"a\"> \u{e9}<![endif]-->",
    MARK,
    "<br>",
    "<style>\n.a  { top: 0 }\n  .b{ }</style>",
];

/// Ends the element that is open.
const END: &str = "</>";

/// Elements within each other, of these parts.
fn nested(parts: &[&str]) -> String {
    let (mut html, mut open) = (String::new(), Vec::new());
    for part in parts {
        if *part == END {
            html.extend(open.pop().map(|name| format!("</{name}>")));
            continue;
        }
        html.push_str(part);
        if part.starts_with('<') && !["<!--", "<br", "<style"].iter().any(|alone| part.starts_with(alone)) {
            open.push(part[1..].split([' ', '>']).next().unwrap());
        }
    }
    html.extend(open.iter().rev().map(|name| format!("</{name}>")));
    html
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_page_consists_of_reads_as_before(parts in proptest::collection::vec(select(PARTS.to_vec()), 0..120)) {
        let html = nested(&parts);
        if let Some(page) = encoded(&html, &marks()) {
            is_safe(&page);
            prop_assert_eq!(read(&page), read(&html));
        }
    }
}
