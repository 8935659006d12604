//! The open elements, and what they hand down: namespaces, `xml:base` and `xml:lang`.

use std::borrow::Cow;

use url::Url;

use super::faults::Faults;
use super::names::{Class, by_address, by_prefix};
use super::vocabulary::Context;
use super::wire::Base;

/// Nesting beyond which no feed goes.
pub(super) const MAX_DEPTH: usize = 256;

/// No feed binds more prefixes at a time.
const MAX_BINDINGS: usize = 250;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// Its local name as written.
    pub(super) name: &'a str,
    /// What stands in it.
    pub(super) context: Context,
    pub(super) base: Base,
    /// Index among the languages.
    pub(super) language: usize,
    /// How many namespaces were bound outside of it.
    bindings: usize,
}

#[derive(Debug)]
struct Binding<'a> {
    prefix: &'a str,
    class: Class,
}

/// A base as written, and the one that it starts from.
#[derive(Debug)]
struct WrittenBase<'a> {
    outer: Base,
    written: Cow<'a, str>,
}

/// What an element says of itself, besides its values.
#[derive(Debug, Default)]
pub(super) struct Inherited<'a> {
    pub(super) base: Option<Cow<'a, str>>,
    pub(super) language: Option<Cow<'a, str>>,
}

#[derive(Debug)]
pub(super) struct Scope<'a> {
    frames: Vec<Frame<'a>>,
    bindings: Vec<Binding<'a>>,
    bases: Vec<WrittenBase<'a>>,
    languages: Vec<Cow<'a, str>>,
    /// How many bindings there were before the element that is being opened.
    before: usize,
}

impl<'a> Scope<'a> {
    pub(super) fn new() -> Self {
        let document = WrittenBase { outer: Base::default(), written: Cow::Borrowed("") };
        Self {
            frames: Vec::new(),
            bindings: Vec::new(),
            bases: vec![document],
            languages: vec![Cow::Borrowed("")],
            before: 0,
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn top(&self) -> Option<&Frame<'a>> {
        self.frames.last()
    }

    /// What stands in the element that is open last.
    pub(super) fn context(&self) -> Context {
        self.top().map_or(Context::Document, |frame| frame.context)
    }

    pub(super) fn language(&self, index: usize) -> &Cow<'a, str> {
        &self.languages[index]
    }

    /// Binds a prefix (empty: the default) for the element that is being opened. A namespace that nobody knows means
    /// what its prefix means; a default one at the root means the feed's own.
    pub(super) fn bind(&mut self, prefix: &'a str, address: &str, at: usize, faults: &mut Faults) {
        if self.bindings.len() >= MAX_BINDINGS {
            return faults.add(at, "more than 250 namespaces are declared; the others mean nothing here");
        }
        let class = by_address(address).unwrap_or_else(|| {
            if prefix.is_empty() {
                return if self.frames.len() < 2 { Class::Rss } else { Class::Other };
            }
            let Some(class) = by_prefix(prefix) else { return Class::Other };
            faults.add(at, format!("`{address}` is no namespace of `{prefix}`; the usual one was meant"));
            class
        });
        self.bindings.push(Binding { prefix, class });
    }

    /// The class of a prefix.
    pub(super) fn class(&self, prefix: &str, at: usize, faults: &mut Faults) -> Class {
        if let Some(found) = self.bindings.iter().rev().find(|binding| binding.prefix == prefix) {
            return found.class;
        }
        if prefix.is_empty() {
            return Class::Rss;
        }
        let class = by_prefix(prefix);
        match class {
            Some(_) => {
                faults.add(at, format!("the prefix `{prefix}` is not declared; what it usually means was taken"));
            }
            None => faults.add(at, format!("the prefix `{prefix}` is not declared and means nothing here")),
        }
        class.unwrap_or(Class::Other)
    }

    /// Opens an element; its namespaces have been bound. Gives what stands in it.
    pub(super) fn open(&mut self, name: &'a str, context: Context, inherited: Inherited<'a>) -> Frame<'a> {
        let (outer_base, outer_language) = self.top().map_or((Base::default(), 0), |top| (top.base, top.language));
        let base = match inherited.base {
            Some(written) => {
                self.bases.push(WrittenBase { outer: outer_base, written });
                Base(self.bases.len() as u32 - 1)
            }
            None => outer_base,
        };
        let language = match inherited.language {
            Some(language) => {
                self.languages.push(language);
                self.languages.len() - 1
            }
            None => outer_language,
        };
        let frame = Frame { name, context, base, language, bindings: self.before };
        self.frames.push(frame);
        self.before = self.bindings.len();
        frame
    }

    /// Closes the last element.
    pub(super) fn close(&mut self) -> Option<Frame<'a>> {
        let frame = self.frames.pop()?;
        self.bindings.truncate(frame.bindings);
        self.before = frame.bindings;
        Some(frame)
    }

    /// The address of a base, as far as it is known: `document` is that of the whole.
    pub(super) fn address(&self, base: Base, document: Option<&Url>) -> Option<Url> {
        let mut chain = Vec::new();
        let mut at = base;
        while at != Base::default() {
            let written = self.bases.get(at.0 as usize)?;
            chain.push(written.written.as_ref());
            at = written.outer;
        }
        chain.iter().rev().fold(document.cloned(), |outer, written| join(outer.as_ref(), written).or(outer))
    }

    /// All bases, resolved.
    pub(super) fn resolved_bases(&self, document: Option<&Url>) -> Vec<Option<Url>> {
        let mut resolved: Vec<Option<Url>> = vec![document.cloned()];
        for base in &self.bases[1..] {
            let outer = resolved.get(base.outer.0 as usize).cloned().flatten();
            resolved.push(join(outer.as_ref(), &base.written).or(outer));
        }
        resolved
    }
}

/// An address seen from a base.
pub(super) fn join(base: Option<&Url>, written: &str) -> Option<Url> {
    let written = written.trim();
    match base {
        Some(base) => base.join(written).ok(),
        None => Url::parse(written).ok(),
    }
}
