//! Readers of a domain or two whom a relay refuses before it took others: they are asked last.

use std::collections::BTreeSet;

use super::InHand;

/// Who is asked after all others of a campaign, and what came of it.
#[derive(Default)]
pub(super) struct Aside {
    /// Whose readers.
    domains: BTreeSet<String>,
    /// Of these what is in hand.
    waiting: Vec<InHand>,
    /// Whether a relay took a message of the others.
    has_taken: bool,
    /// Whether the others were asked: from then on nobody is set aside.
    is_over: bool,
}

impl Aside {
    /// Whether readers are set aside now.
    pub(super) fn is_on(&self) -> bool {
        !self.domains.is_empty()
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn has_taken(&self) -> bool {
        self.has_taken
    }

    pub(super) fn took(&mut self) {
        self.has_taken |= self.is_on();
    }

    pub(super) fn domains(&self) -> &BTreeSet<String> {
        &self.domains
    }

    /// Whether one is of these readers.
    pub(super) fn has(&self, one: &InHand) -> bool {
        self.is_on() && self.domains.contains(&one.leased.domain().to_ascii_lowercase())
    }

    pub(super) fn add(&mut self, one: InHand) {
        self.waiting.push(one);
    }

    /// How many are in hand.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// From now on the readers of these domains are asked last. Where there are more of them than before, what was taken until
    /// now says nothing of these.
    pub(super) fn extend(&mut self, domains: BTreeSet<String>) {
        let before = self.domains.len();
        self.domains.extend(domains);
        self.has_taken &= self.domains.len() == before;
    }

    /// Takes out what is in hand.
    pub(super) fn drain(&mut self) -> Vec<InHand> {
        std::mem::take(&mut self.waiting)
    }

    /// Nobody is asked last any more.
    pub(super) fn end(&mut self) {
        self.domains.clear();
        self.is_over = true;
    }
}
