//! How a relay receives a campaign, and what it answers again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::standing::rest;
use crate::model::{Leased, Reply};

/// How many messages in a row a relay refuses for good, in the same words, until it is taken to refuse all: for reasons
/// of ours, and for reasons of the recipients'.
const REFUSALS: u32 = 10;
const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// The same for reasons of ours, where they are of few domains, and it took messages for these, or before this run.
const REFUSALS_OF_KNOWN: u32 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u32 = 5;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed, or want
/// nothing of ours.
const DOMAINS: usize = 3;
/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// A refusal for good.
#[derive(Clone, Copy, Debug)]
pub(in crate::deliver::smtp) struct Refusal<'r> {
    pub(in crate::deliver::smtp) reply: &'r Reply,
    /// Whether it speaks of us, or of the message, and not of the recipient.
    pub(in crate::deliver::smtp) is_of_ours: bool,
    /// Whether the relay refused the recipient, and not the message after it.
    pub(in crate::deliver::smtp) is_at_recipient: bool,
}

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    code: Option<u16>,
    enhanced: Option<String>,
    is_at_recipient: bool,
    /// The words of the last.
    pub(super) said: String,
    /// How often in a row.
    times: u32,
    /// The domains of the recipients, [`DOMAINS`] of them at most.
    domains: BTreeSet<String>,
    /// The deliveries.
    pub(super) deliveries: Vec<i64>,
}

impl Refrain {
    fn new(refusal: &Refusal<'_>) -> Self {
        let Reply { code, enhanced, .. } = refusal.reply;
        Self {
            code: *code,
            enhanced: enhanced.clone(),
            is_at_recipient: refusal.is_at_recipient,
            said: String::new(),
            times: 0,
            domains: BTreeSet::new(),
            deliveries: Vec::new(),
        }
    }

    fn is(&self, refusal: &Refusal<'_>) -> bool {
        self.code == refusal.reply.code
            && self.enhanced == refusal.reply.enhanced
            && self.is_at_recipient == refusal.is_at_recipient
    }

    fn add(&mut self, leased: &Leased) {
        self.times += 1;
        self.deliveries.push(leased.lease.delivery);
        if self.domains.len() < DOMAINS {
            self.domains.insert(leased.domain().to_ascii_lowercase());
        }
    }

    /// Whether it was met often enough to be of the relay, if it is not of the few domains alone to which that was answered.
    fn is_often(&self, is_of_ours: bool) -> bool {
        self.times >= if is_of_ours { REFUSALS } else { REFUSALS_OF_RECIPIENTS }
    }

    /// Whether more domains must be asked for, to know whether it is of theirs.
    fn is_of_few(&self) -> bool {
        self.domains.len() < DOMAINS
    }

    /// Whether somebody is of another domain than those to whom this was answered.
    pub(super) fn is_not_of(&self, leased: &Leased) -> bool {
        !self.domains.contains(&leased.domain().to_ascii_lowercase())
    }
}

/// How a relay receives the messages of one campaign: what it finds in them says nothing of another's.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    /// Of how many messages nobody knows whether it took them, since it last said so of one.
    pub(super) in_doubt: u32,
    /// Whether it took anything of the campaign in this run.
    has_taken: bool,
    /// Whether some of it went out before.
    pub(super) has_sent: bool,
    /// The domains for which it did in this run, [`REMEMBERED`] at most.
    domains: BTreeSet<String>,
    /// Of how many it has taken the recipient, and not yet the message.
    under_way: u32,
    /// How often it took no message of this sender, or so, since it last took one.
    pub(super) failures: u32,
    /// What it answers since it took something.
    pub(super) refrain: Option<Refrain>,
    /// Whether it gets no more because it refuses everything.
    pub(super) is_refusing: bool,
    /// How often it got no more since it took something.
    rests: u32,
    shut_until: Option<Duration>,
    pub(super) why: String,
}

impl Reception {
    /// It took the recipient of a message. What it answers to recipients it does not answer to all.
    pub(super) fn took_up(&mut self) {
        self.under_way += 1;
        self.refrain.take_if(|refrain| refrain.is_at_recipient);
    }

    /// Whatever became of such a message, it is under way no more.
    pub(super) fn was_told(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// It refused a message once more, or for the first time.
    pub(super) fn refused(&mut self, leased: &Leased, refusal: &Refusal<'_>, said: String) {
        let before = self.refrain.take().filter(|refrain| refrain.is(refusal));
        let refrain = self.refrain.insert(before.unwrap_or_else(|| Refrain::new(refusal)));
        refrain.add(leased);
        refrain.said = said;
    }

    /// Whether others had better be asked for next, to tell a relay that refuses everybody from a domain that does.
    pub(super) fn is_to_be_tried_with_others(&self, is_of_ours: bool) -> bool {
        self.refrain.as_ref().is_some_and(|refrain| refrain.is_often(is_of_ours) && refrain.is_of_few())
    }

    /// Whether what it answers says that it is of no use. `others_wait`: whether there are recipients of other domains.
    pub(super) fn is_of_no_use(&self, is_of_ours: bool, others_wait: bool) -> bool {
        let Some(refrain) = self.refrain.as_ref().filter(|refrain| refrain.is_often(is_of_ours)) else { return false };
        if refrain.is_at_recipient && self.under_way > 0 {
            // Of these nobody knows yet whether it takes them.
            return false;
        }
        if !refrain.is_of_few() {
            return true;
        }
        let is_long = refrain.times >= REFUSALS_OF_KNOWN;
        if self.has_taken {
            is_of_ours && is_long && refrain.domains.is_subset(&self.domains)
        } else {
            !others_wait && (is_long || !self.has_sent)
        }
    }

    /// Whether it refused all that it was given, some recipients of several domains, in the same words.
    pub(super) fn has_refused_all(&self) -> bool {
        let is_of_all = |refrain: &Refrain| refrain.times >= REFUSALS_OF_ALL && !refrain.is_of_few();
        !self.has_taken && !self.is_refusing && self.refrain.as_ref().is_some_and(is_of_all)
    }

    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// It took a message: what it did before counts no more, unless that was to refuse one after the other, of which this one
    /// was not.
    pub(super) fn took(&mut self, domain: &str, now: Duration) {
        self.has_taken = true;
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        if self.is_refusing && !self.is_open(now) {
            return;
        }
        let Self { has_sent, domains, under_way, .. } = std::mem::take(self);
        *self = Self { has_taken: true, has_sent, domains, under_way, ..Self::default() };
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}
