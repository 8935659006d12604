//! Hostile or not: every piece of HTML passes here on its way in, and nothing else makes [`Html`].
//!
//! Two steps. A parser that reads as browsers do balances foreign HTML, whose nesting is bounded before, and drops what
//! no policy allows; HTML that our own Markdown writer made without any raw HTML in it is balanced already and skips
//! that step. Then one linear pass writes every tag anew, and only as the policy has it: allowed names, allowed
//! attributes, checked addresses. So the second step alone decides what comes out, whichever way the markup came.

mod beside;
mod breaks;
mod cache;
mod captioned;
mod crowded;
mod decoration;
mod dropped;
mod embeds;
mod foreign;
mod headings;
mod hidden;
mod in_words;
mod lines;
mod nesting;
mod outline;
mod placement;
mod policy;
mod relink;
mod repair;
mod reshow;
mod rewrite;
mod settled;
mod size;
mod stand_ins;
mod survey;
pub(in crate::collect) mod tag;

use std::sync::Arc;

use ammonia::Builder;

use self::cache::Keys;
pub use self::cache::{Cache, Key};
pub(super) use self::crowded::thinned;
pub(super) use self::dropped::{Dropped, HIDDEN, dropped, is_pixel};
pub(super) use self::headings::{Headings, is_top};
pub(super) use self::in_words::{Lost, called, in_words};
pub(super) use self::lines::paragraphs;
pub(super) use self::outline::clean as clean_id;
pub(super) use self::relink::relinked;
pub(super) use self::reshow::reshow;
pub(super) use self::settled::{is_asset, is_on_the_web};
use crate::collect::svg::is_named_so;
use crate::model::Html;

/// Where the links and pictures of a body lead.
pub(super) trait Addresses {
    /// The absolute address of a link, or `None` when it leads nowhere. Links to `#…` are not asked about.
    fn link(&mut self, href: &str) -> Option<String>;
    /// What stands for a picture, or `None` when only its alternative text can.
    fn picture(&mut self, src: &str) -> Option<Shown>;
    /// Hears of a link to `#…` that no heading and no id of the body answers to.
    fn unanswered(&mut self, _href: &str) {}
    /// Hears of the first words that a body has for eyes alone and says nowhere else, and of the tag before them: they are left
    /// out.
    fn left_out(&mut self, _tag: &str, _words: &str) {}
}

/// A picture as markup shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// `assets/<name>` or an absolute address.
    pub(super) src: String,
    /// Width and height in pixels, where known.
    pub(super) size: Option<(u32, u32)>,
}

impl Shown {
    /// Whether it is drawn of lines, so that no size is too large for it.
    fn is_drawing(&self) -> bool {
        is_asset(&self.src) && is_named_so(&self.src)
    }
}

/// Says that words are left out that only eyes would have; `tag` stands before them.
pub(super) fn for_eyes_alone(tag: &str, words: &str) -> String {
    let tag: String = tag.chars().take(80).collect();
    format!("`{words}` is left out: by `{tag}` it is for eyes alone")
}

/// What a body is told about the post that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// Stands before every id, so that ids are unique where many bodies stand on one page.
    pub(super) prefix: &'a str,
    /// A first heading that says the same is dropped.
    pub(super) title: Option<&'a str>,
}

/// The policy, ready to use from any thread.
pub(super) struct Sanitiser {
    parser: Builder<'static>,
    cache: Option<(Keys, Arc<dyn Cache>)>,
}

impl Sanitiser {
    pub(super) fn new() -> Self {
        Self::with(None)
    }

    /// One that asks `cache` before it parses a text.
    pub(super) fn with(cache: Option<Arc<dyn Cache>>) -> Self {
        Self { parser: policy::builder(), cache: cache.map(|cache| (Keys::new(), cache)) }
    }

    /// Sanitises HTML that anybody wrote.
    pub(super) fn foreign(&self, html: &str, context: Context<'_>, addresses: &mut dyn Addresses) -> Html {
        Self::balanced(&self.parsed(html), context, addresses)
    }

    /// The same of HTML whose paragraphs may stand between breaks.
    pub(super) fn foreign_in_paragraphs(
        &self,
        html: &str,
        context: Context<'_>,
        addresses: &mut dyn Addresses,
    ) -> Html {
        Self::balanced(&breaks::in_paragraphs(&self.parsed(html)), context, addresses)
    }

    /// How many letters and digits stand in what HTML that anybody wrote hides from its readers.
    pub(super) fn letters_hidden(&self, html: &str) -> usize {
        hidden::letters(&self.parsed(html))
    }

    /// Sanitises once more what was kept, where it is not as this sanitiser writes it; `None` where it is, which costs one look
    /// at each letter.
    pub(super) fn again(&self, kept: &Html, context: Context<'_>, addresses: &mut dyn Addresses) -> Option<Html> {
        if settled::is_settled(kept.as_str()) {
            return None;
        }
        Some(self.foreign(kept.as_str(), context, addresses)).filter(|html| html != kept)
    }

    /// The markup balanced, from the cache where it is there.
    fn parsed(&self, html: &str) -> String {
        let Some((keys, cache)) = &self.cache else { return self.parse(html) };
        let key = keys.of(html);
        if let Some(kept) = cache.get(&key).filter(|kept| cache::is_balanced(kept)) {
            return kept;
        }
        let balanced = self.parse(html);
        cache.put(&key, &balanced);
        balanced
    }

    fn parse(&self, html: &str) -> String {
        let thinned = crowded::thinned(html);
        let captioned = captioned::figures(&thinned);
        let embedded = embeds::shown(&captioned);
        let shown = stand_ins::replaced(&embedded);
        let words_stay = foreign::unwrapped(&shown);
        self.parser.clean(&nesting::bounded(&repair::repaired(&words_stay))).to_string()
    }

    /// Sanitises HTML that our Markdown writer made, without any raw HTML in it.
    pub(super) fn balanced(html: &str, context: Context<'_>, addresses: &mut dyn Addresses) -> Html {
        Html::from_sanitised(rewrite::rewrite(html, context, addresses))
    }
}

#[cfg(test)]
mod tests;
