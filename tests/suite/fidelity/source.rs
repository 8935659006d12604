//! The text of a page before it is set, by the tokens of a reader of HTML that is not ours.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// What a page says, without spaces.
#[derive(Default)]
pub(super) struct Source {
    /// All but the notes at the end of an article.
    pub(super) text: String,
    /// Each of these, which stand where they are called.
    pub(super) notes: Vec<String>,
}

impl Source {
    pub(super) fn read(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(html));
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        tokenizer.sink.0.into_inner().source
    }
}

/// Without spaces and what is never seen; joiners are letters.
pub(super) fn letters(text: &str) -> String {
    let unseen = |c| matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !unseen(*c)).collect()
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    source: Source,
    /// The elements that are open, and what becomes of their text.
    open: Vec<(String, Part)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Text,
    /// The list of notes, between them.
    Notes,
    Note,
    Unseen,
}

const VOID: [&str; 12] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

impl State {
    fn part(&self) -> Part {
        self.open.last().map(|(_, part)| *part).unwrap_or_default()
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name.to_string();
        let class = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class");
        let has = |wanted: &str| class.is_some_and(|class| class.value.split_whitespace().any(|own| own == wanted));
        let part = match (self.part(), &*name) {
            (Part::Unseen, _) | (_, "head" | "script" | "style" | "template" | "svg") => Part::Unseen,
            _ if has("footnote-back") || has("footnote-reference") => Part::Unseen,
            _ if has("footnotes") => Part::Notes,
            (Part::Notes, "li") => {
                self.source.notes.push(String::new());
                Part::Note
            }
            (part, _) => part,
        };
        if !VOID.contains(&&*name) && !tag.self_closing {
            self.open.push((name, part));
        }
    }

    fn text(&mut self, text: &str) {
        match self.part() {
            Part::Text => self.source.text.push_str(&letters(text)),
            Part::Note => self.source.notes.last_mut().unwrap().push_str(&letters(text)),
            Part::Notes | Part::Unseen => {}
        }
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => state.start(&tag),
            Token::TagToken(tag) => {
                if let Some(at) = state.open.iter().rposition(|(name, _)| **name == *tag.name) {
                    state.open.truncate(at);
                }
            }
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
