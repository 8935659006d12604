//! The tags of a document, read as browsers read HTML: no fault stops that.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::sanitise::thinned;

/// A part of a document.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    /// A tag that begins an element.
    Start(&'t Tag),
    /// A tag that ends one; its name in lower case.
    End(&'t str),
    /// Text between tags.
    Text(&'t str),
}

/// Hands the pieces of a document over, one after the other.
pub(super) fn pieces(text: &str, take: impl FnMut(Piece<'_>)) {
    let tokenizer = Tokenizer::new(Sink(RefCell::new(take)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*thinned(text)));
    // The sink never asks for a script to be run, so that one call reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
}

/// An attribute by its name in lower case, without white space around its value.
pub(super) fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.trim().to_owned())
}

struct Sink<F>(RefCell<F>);

impl<F: FnMut(Piece<'_>)> TokenSink for Sink<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut take = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => take(Piece::Start(&tag)),
            Token::TagToken(tag) => take(Piece::End(&tag.name)),
            Token::CharacterTokens(text) => take(Piece::Text(&text)),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
