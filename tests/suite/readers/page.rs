//! A web page as html5ever's tokenizer reads it: enough to ask what stands in it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

/// Elements that have no end tag (HTML, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// Elements whose text is not markup.
const RAW: [&str; 2] = ["style", "script"];
/// Elements whose text may hold character references only.
const RCDATA: [&str; 2] = ["title", "textarea"];

/// A start tag.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// The text up to the next tag.
    pub(super) text: String,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// What was read.
#[derive(Default)]
pub(super) struct Page {
    pub(super) elements: Vec<Element>,
    /// Parse errors, and tags that do not match.
    pub(super) errors: Vec<String>,
    pub(super) doctype: bool,
}

impl Page {
    /// Reads a page.
    pub(super) fn read(html: &str) -> Self {
        let sink = Reader { page: RefCell::default(), open: RefCell::default() };
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(sink, html5ever::tokenizer::TokenizerOpts::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let left: Vec<String> = tokenizer.sink.open.take();
        let mut page = tokenizer.sink.page.take();
        page.errors.extend(left.into_iter().map(|name| format!("<{name}> is never closed")));
        page
    }

    /// All elements of this name.
    pub(super) fn all(&self, name: &str) -> Vec<&Element> {
        self.elements.iter().filter(|element| element.name == name).collect()
    }

    /// The values of this attribute.
    pub(super) fn values(&self, attribute: &str) -> Vec<&str> {
        self.elements.iter().filter_map(|element| element.attributes.get(attribute)).map(String::as_str).collect()
    }
}

struct Reader {
    page: RefCell<Page>,
    open: RefCell<Vec<String>>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        match token {
            Token::DoctypeToken(doctype) => page.doctype = doctype.name.is_some_and(|name| &*name == "html"),
            Token::ParseError(error) => page.errors.push(format!("line {line}: {error}")),
            Token::CharacterTokens(text) => {
                if let Some(element) = page.elements.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                let is_void = VOID.contains(&name.as_str()) || tag.self_closing;
                if tag.kind == TagKind::EndTag {
                    let open = self.open.borrow_mut().pop();
                    if open.as_ref() != Some(&name) {
                        page.errors.push(format!("line {line}: </{name}> closes {open:?}"));
                    }
                    return TokenSinkResult::Continue;
                }
                let attributes = tag.attrs.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
                page.elements.push(Element {
                    name: name.clone(),
                    attributes: attributes.collect(),
                    text: String::new(),
                });
                if !is_void {
                    self.open.borrow_mut().push(name.clone());
                }
                if RAW.contains(&name.as_str()) {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
                if RCDATA.contains(&name.as_str()) {
                    return TokenSinkResult::RawData(RawKind::Rcdata);
                }
            }
            Token::CommentToken(_) | Token::NullCharacterToken | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}
