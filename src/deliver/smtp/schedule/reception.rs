//! How a relay receives a campaign.

use std::collections::BTreeSet;
use std::time::Duration;

use super::FAILURES;
use super::InHand;
use super::row::{Few, Row};
use super::standing::rest;
use crate::model::Reply;

/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// What a relay said to a message, and whether for reasons of ours.
#[derive(Clone, Copy)]
pub(super) struct Refusal<'r> {
    pub(super) reply: &'r Reply,
    pub(super) is_of_ours: bool,
}

/// How a relay receives the messages of one campaign: what it finds in them says nothing of another's.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    /// Of how many messages nobody knows whether it took them, since it last said so of one.
    pub(super) in_doubt: u32,
    /// How many it took in this run, and for which domains, [`REMEMBERED`] at most.
    taken: u32,
    domains: BTreeSet<String>,
    /// How often it took no message of this sender, or so, since it last took one.
    pub(super) failures: u32,
    /// What it refuses.
    row: Option<Row>,
    /// Whether it refused anything since it took something, and the deliveries, until they are taken out.
    has_refused: bool,
    refused: Vec<i64>,
    /// What it said to those that were set aside.
    said: String,
    /// Whether it gets no more because it refuses everything.
    pub(super) is_refusing: bool,
    /// How often it got no more since it took something.
    pub(super) rests: u32,
    pub(super) shut_until: Option<Duration>,
    pub(super) why: String,
}

impl Reception {
    /// Whether it refused all that it was given, some recipients of several domains.
    pub(super) fn has_refused_all(&self) -> bool {
        self.taken == 0 && !self.is_refusing && self.row.as_ref().is_some_and(Row::is_of_several)
    }

    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// A message was refused after so many of the campaign had been handed out; whether what it refuses says by now that it is of
    /// no use. What it took before counts for nothing where it `is_doubted`.
    pub(super) fn refused(&mut self, one: &InHand, refusal: Refusal<'_>, handed: u64, is_doubted: bool) -> bool {
        self.refused_aside(one);
        let row = self.row.get_or_insert_with(|| Row::new(handed));
        row.add(one, refusal.reply, refusal.is_of_ours);
        row.is_of_relay(if is_doubted { 0 } else { self.taken }, &self.domains)
    }

    /// The domains of a row that has just become one: it matters whether their readers were sent the issue before.
    pub(super) fn doubtful(&self) -> impl Iterator<Item = &String> {
        self.row.iter().flat_map(Row::begun)
    }

    /// Readers of this domain were sent the issue by an earlier run, or by another machine.
    pub(super) fn took_before(&mut self, domain: &str) {
        self.domains.insert(domain.to_owned());
    }

    /// The same of one that is set aside: it is in the row that led to that.
    pub(super) fn refused_aside(&mut self, one: &InHand) {
        self.has_refused = true;
        self.refused.push(one.leased.lease.delivery);
    }

    /// It took a message that was handed out as the `number`th of the campaign: what it did before counts no more, unless this one
    /// was under way already when readers who are set aside were refused, after so many had been handed out as `since` says.
    pub(super) fn took(&mut self, domain: &str, number: u64, since: Option<u64>, now: Duration) {
        self.taken = self.taken.saturating_add(1);
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        (self.in_doubt, self.failures) = (0, 0);
        if since.is_some_and(|since| number <= since) || self.is_refusing && !self.is_open(now) {
            return;
        }
        let Self { taken, domains, .. } = std::mem::take(self);
        *self = Self { taken, domains, ..Self::default() };
    }

    /// Whether it took anything in this run.
    pub(super) fn has_taken(&self) -> bool {
        self.taken > 0
    }

    /// Whether it refused many since it took something, besides what is set aside.
    pub(super) fn has_row(&self) -> bool {
        self.row.as_ref().is_some_and(Row::is_long)
    }

    /// Whether it refused anything since it took something.
    pub(super) fn has_refused(&self) -> bool {
        self.has_refused
    }

    /// Where it is of no use for what it answered readers of a domain or two: whom.
    pub(super) fn refuses_few(&self) -> Option<Few> {
        self.row.as_ref().filter(|_| self.is_refusing && self.in_doubt < FAILURES)?.few()
    }

    /// It may have others again than those that are set aside.
    pub(super) fn reopen(&mut self) {
        (self.is_refusing, self.shut_until) = (false, None);
        if let Some(row) = self.row.take() {
            self.said = row.said;
        }
    }

    /// Takes out the deliveries that it refused since it took something, but for those that were taken out before.
    pub(super) fn take_refused(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.refused)
    }

    /// What it says to whom it refuses.
    pub(super) fn said(&self) -> &str {
        self.row.as_ref().map_or(&self.said, |row| &row.said)
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}
