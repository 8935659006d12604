//! From the tokens of HTML to lines of text.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::direction::Directions;
use super::lines::{WIDTH, columns, from_the_right, wrap};
use crate::model::Direction;
use crate::templates::markup::is_number;

/// Reads sanitised markup. Markup that was not closed ends where the text ends.
pub(super) fn read(html: &str, direction: Direction, numerals: &Numerals) -> String {
    let sink = Sink(RefCell::new(Text::new(direction, numerals)));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The sink never asks for a script to be run, so that one call reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

/// Writes a number in the digits of a language.
type Numerals<'a> = dyn Fn(&str) -> String + 'a;

struct Sink<'a>(RefCell<Text<'a>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut text = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(characters) => text.characters(&characters),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => text.open(&tag),
            Token::TagToken(tag) => text.close(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What stands before the lines of a block: once, then on every line.
struct Mark {
    first: Option<String>,
    rest: String,
}

/// A list: the number of its next item, where it counts.
struct List(Option<u64>);

struct Text<'a> {
    numerals: &'a Numerals<'a>,
    out: String,
    /// The paragraph that is being read.
    paragraph: String,
    marks: Vec<Mark>,
    lists: Vec<List>,
    /// The character that underlines the heading that is being read.
    heading: Option<char>,
    preformatted: bool,
    /// The address of the link that is being read, and where its words begin in the paragraph.
    link: Option<(String, usize)>,
    references: Vec<String>,
    /// What was said of the last picture.
    description: String,
    /// What stood before the lines of the last block.
    before: String,
    /// Whether the next block stands right under the one before: items of a list, rows of a table.
    tight: bool,
    directions: Directions,
}

impl<'a> Text<'a> {
    fn new(direction: Direction, numerals: &'a Numerals<'a>) -> Self {
        Self {
            numerals,
            out: String::new(),
            paragraph: String::new(),
            marks: Vec::new(),
            lists: Vec::new(),
            heading: None,
            preformatted: false,
            link: None,
            references: Vec::new(),
            description: String::new(),
            before: String::new(),
            tight: false,
            directions: Directions::new(direction),
        }
    }

    fn characters(&mut self, text: &str) {
        if self.preformatted {
            self.paragraph.push_str(text);
            return;
        }
        for c in text.chars() {
            if !matches!(c, ' ' | '\n' | '\t' | '\r') {
                self.paragraph.push(c);
            } else if !self.paragraph.is_empty() && !self.paragraph.ends_with([' ', '\n']) {
                self.paragraph.push(' ');
            }
        }
    }

    fn open(&mut self, tag: &Tag) {
        let attribute =
            |name: &str| tag.attrs.iter().find(|found| &*found.name.local == name).map(|found| found.value.to_string());
        match &*tag.name {
            "a" => self.link = attribute("href").map(|href| (href, self.paragraph.len())),
            "br" => self.paragraph.push('\n'),
            // "x²", and the mark of a note, which must not be read as part of the word before it.
            "sup" => self.paragraph.push('^'),
            "img" => {
                if let Some(alt) = attribute("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.characters(&format!(" [{}] ", alt.trim()));
                    alt.trim().clone_into(&mut self.description);
                }
            }
            "hr" => {
                self.flush();
                "* * *".clone_into(&mut self.paragraph);
                self.flush();
            }
            "h1" | "h2" => self.start_heading('='),
            "h3" | "h4" | "h5" | "h6" => self.start_heading('-'),
            "pre" => {
                self.flush();
                self.preformatted = true;
            }
            "blockquote" => {
                self.flush();
                self.marks.push(Mark { first: None, rest: "> ".to_owned() });
            }
            "ul" => self.start_list(List(None)),
            "ol" => {
                let start = attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.start_list(List(Some(start)));
            }
            "li" => self.start_item(),
            "dd" => {
                self.flush();
                self.tight = true;
                self.marks.push(Mark { first: None, rest: "    ".to_owned() });
            }
            "tr" => {
                self.flush();
                self.tight = self.out.ends_with('|');
            }
            "td" | "th" => self.paragraph.push_str(if self.paragraph.is_empty() { "| " } else { " " }),
            name if is_block(name) => self.flush(),
            _ => {}
        }
        self.directions.open(&tag.name, attribute("dir").as_deref());
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => self.end_link(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = None;
            }
            "pre" => {
                self.flush();
                self.preformatted = false;
            }
            "blockquote" | "dd" | "li" => {
                self.flush();
                self.marks.pop();
                self.tight = name == "li";
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
                self.tight = !self.lists.is_empty();
            }
            "td" | "th" => self.paragraph.push_str(" |"),
            // A caption that only says again what the picture's description says is not read twice.
            "figcaption" if self.paragraph.trim() == self.description => self.paragraph.clear(),
            name if is_block(name) => self.flush(),
            _ => {}
        }
        self.directions.close(name);
    }

    fn start_heading(&mut self, underline: char) {
        self.flush();
        self.tight = false;
        self.heading = Some(underline);
    }

    fn start_list(&mut self, list: List) {
        // A list inside an item stands right under its words.
        let nested = !self.lists.is_empty();
        self.flush();
        self.tight = nested;
        self.lists.push(list);
    }

    fn start_item(&mut self) {
        self.flush();
        let first = match self.lists.last_mut() {
            Some(List(Some(number))) => {
                *number += 1;
                format!("{}. ", (self.numerals)(&(*number - 1).to_string()))
            }
            _ => "- ".to_owned(),
        };
        self.marks.push(Mark { rest: " ".repeat(columns(&first)), first: Some(first) });
    }

    fn end_link(&mut self) {
        let Some((href, from)) = self.link.take() else { return };
        let words = self.paragraph.get(from..).unwrap_or_default().trim();
        // The call of a note has the number that the list of notes counts.
        if href.starts_with('#')
            && is_number(words)
            && self.paragraph.get(..from).is_some_and(|before| before.ends_with('^'))
        {
            let number = (self.numerals)(words);
            self.paragraph.truncate(from);
            self.paragraph.push_str(&number);
            return;
        }
        // The way back from a note leads nowhere in a text.
        if href.starts_with('#') && words.starts_with('\u{21a9}') {
            self.paragraph.truncate(from);
            return;
        }
        let bare = href.trim_start_matches("mailto:").trim_start_matches("https://").trim_start_matches("http://");
        let shown = words.contains(bare.trim_end_matches('/'));
        if words.is_empty() || shown || href.starts_with('#') {
            return;
        }
        let number = self.references.iter().position(|known| *known == href).unwrap_or_else(|| {
            self.references.push(href);
            self.references.len() - 1
        });
        self.paragraph.truncate(self.paragraph.trim_end().len());
        let number = (self.numerals)(&(number + 1).to_string());
        self.paragraph.extend([" [", &number, "]"]);
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let paragraph = if self.preformatted { paragraph.trim_matches('\n') } else { paragraph.trim() };
        if paragraph.is_empty() {
            return;
        }
        let rest: String = self.marks.iter().map(|mark| mark.rest.as_str()).collect();
        let mut first = String::new();
        for mark in &mut self.marks {
            first.push_str(&mark.first.take().unwrap_or_else(|| mark.rest.clone()));
        }
        if !self.out.is_empty() {
            self.out.push('\n');
            if !std::mem::take(&mut self.tight) {
                // The empty line between two blocks belongs to what holds both.
                let shared = rest.chars().zip(self.before.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c);
                self.out.push_str(shared.collect::<String>().trim_end());
                self.out.push('\n');
            }
        }
        self.before.clone_from(&rest);
        if self.preformatted {
            let lines: Vec<String> = paragraph.lines().map(|line| format!("{rest}    {line}")).collect();
            self.out.push_str(&lines.join("\n"));
            return;
        }
        if self.directions.are_from_the_right() {
            let wrapped = match whole_cells(paragraph) {
                Cow::Borrowed(paragraph) => wrap_marked(paragraph, &first, &rest),
                Cow::Owned(row) => wrap_marked(&row, &first, &rest).replace(KEPT, " "),
            };
            self.out.push_str(&from_the_right(&wrapped, &first, &rest));
        } else {
            self.out.push_str(&wrap_marked(paragraph, &first, &rest));
        }
        if let Some(underline) = self.heading {
            let rule = underline.to_string().repeat(columns(paragraph).min(WIDTH));
            self.out.extend(["\n", rest.as_str(), rule.as_str()]);
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        if !self.references.is_empty() {
            self.out.push('\n');
        }
        for (n, address) in self.references.iter().enumerate() {
            let number = (self.numerals)(&(n + 1).to_string());
            self.out.extend(["\n[", &number, "] ", address.as_str()]);
        }
        self.out
    }
}

/// Wraps with `first` before the first line: marks are kept from folding.
fn wrap_marked(paragraph: &str, first: &str, rest: &str) -> String {
    let room = first.chars().map(|_| '\u{2588}').collect::<String>();
    let wrapped = wrap(&format!("{room}{paragraph}"), rest);
    wrapped.replacen(&room, first, 1)
}

/// Stands for a blank at which no line ends.
const KEPT: char = '\u{f8ff}';

/// A row of a table that is longer than a line, made so that lines end between its cells alone, where each has room on
/// one: the halves of a verse stand so.
fn whole_cells(paragraph: &str) -> Cow<'_, str> {
    let is_long = paragraph.starts_with("| ") && columns(paragraph) > WIDTH;
    let has_room = |cell: &str| columns(cell) + "|  |".len() <= WIDTH;
    if !is_long || paragraph.contains(KEPT) || !paragraph.split(" | ").all(has_room) {
        return Cow::Borrowed(paragraph);
    }
    let kept = KEPT.to_string();
    Cow::Owned(paragraph.replace(' ', &kept).replace(&format!("{kept}|{kept}"), &format!("{kept}| ")))
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "nav"
            | "aside"
            | "figure"
            | "figcaption"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "caption"
            | "tr"
            | "dl"
            | "dt"
            | "details"
            | "summary"
            | "address"
            | "main"
    )
}
