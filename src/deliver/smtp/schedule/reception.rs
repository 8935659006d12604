//! How a relay receives a campaign, and what it answers again and again.
//!
//! A relay that refuses reader after reader may be broken: asked on, it costs each the issue. Or a domain wants nothing of
//! ours, or has closed: its readers may stand together in a list, and the others wait behind them. So a row of refusals holds
//! back the readers of its domains, and others are asked. Is one of them taken, the row is believed; is none, it says
//! something of the relay. Only what was handed out after the row began tells anything.

use std::collections::BTreeSet;
use std::time::Duration;

use super::standing::rest;
use crate::model::{Leased, Reply};

/// How many messages in a row a relay refuses for good, in the same words, until that is a row: for reasons of ours, and
/// for reasons of the recipients'.
const REFUSALS: u64 = 10;
const REFUSALS_OF_RECIPIENTS: u64 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u64 = 5;
/// How many refusals for reasons of ours are too many to be believed of domains of which it never took anything, where they are
/// also more than it took.
const TOO_MANY: u64 = 50;
/// Of how many domains the recipients must be whom a relay refuses that took nothing in this run, until no others are asked; and
/// whom one refuses that did.
const DOMAINS: usize = 3;
const DOMAINS_OF_GOOD: usize = 10;
/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// A refusal for good.
#[derive(Clone, Copy, Debug)]
pub(in crate::deliver::smtp) struct Refusal<'r> {
    pub(in crate::deliver::smtp) reply: &'r Reply,
    /// Whether it speaks of us, or of the message, and not of the recipient.
    pub(in crate::deliver::smtp) is_of_ours: bool,
}

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    code: Option<u16>,
    enhanced: Option<String>,
    is_of_ours: bool,
    /// How many messages had been handed out when it began.
    began: u64,
    /// The words of the last.
    pub(super) said: String,
    /// How often in a row.
    times: u64,
    /// How often it may be until it is judged again.
    allowed: u64,
    /// The domains of the recipients, [`DOMAINS_OF_GOOD`] of them at most.
    domains: BTreeSet<String>,
    /// The deliveries.
    pub(super) deliveries: Vec<i64>,
}

impl Refrain {
    fn new(refusal: &Refusal<'_>, began: u64) -> Self {
        let Reply { code, enhanced, .. } = refusal.reply;
        Self {
            code: *code,
            enhanced: enhanced.clone(),
            is_of_ours: refusal.is_of_ours,
            began,
            said: String::new(),
            times: 0,
            allowed: 0,
            domains: BTreeSet::new(),
            deliveries: Vec::new(),
        }
    }

    fn is(&self, refusal: &Refusal<'_>) -> bool {
        self.code == refusal.reply.code && self.enhanced == refusal.reply.enhanced
    }

    fn add(&mut self, leased: &Leased, domain: String) {
        self.times += 1;
        self.deliveries.push(leased.lease.delivery);
        if self.domains.len() < DOMAINS_OF_GOOD {
            self.domains.insert(domain);
        }
    }

    fn is_often(&self) -> bool {
        let least = if self.is_of_ours { REFUSALS } else { REFUSALS_OF_RECIPIENTS };
        self.times >= least.max(self.allowed)
    }
}

/// How a relay receives the messages of one campaign: what it finds in them says nothing of another's.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    /// Of how many messages nobody knows whether it took them, since it last said so of one.
    pub(super) in_doubt: u32,
    /// How many it took in this run.
    taken: u64,
    /// The domains for which it did, [`REMEMBERED`] at most.
    domains: BTreeSet<String>,
    /// The domains of which it is believed that they refuse us.
    believed: BTreeSet<String>,
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
    /// It refused a message once more, or for the first time, when so many had been handed out. What it is believed of says
    /// nothing more.
    pub(super) fn refused(&mut self, leased: &Leased, refusal: &Refusal<'_>, said: String, handed: u64) {
        let domain = leased.domain().to_ascii_lowercase();
        if self.believed.contains(&domain) {
            return;
        }
        let before = self.refrain.take().filter(|refrain| refrain.is(refusal));
        let refrain = self.refrain.insert(before.unwrap_or_else(|| Refrain::new(refusal, handed)));
        refrain.add(leased, domain);
        (refrain.is_of_ours, refrain.said) = (refusal.is_of_ours, said);
    }

    /// What it answers again and again, where that is a row.
    fn row(&self) -> Option<&Refrain> {
        self.refrain.as_ref().filter(|refrain| refrain.is_often())
    }

    /// Whether it has refused so many domains that no others are asked.
    fn is_tried(&self, row: &Refrain) -> bool {
        row.domains.len() >= if self.taken > 0 { DOMAINS_OF_GOOD } else { DOMAINS }
    }

    /// Whether a reader is held back, because it may refuse everybody.
    pub(super) fn holds(&self, leased: &Leased) -> bool {
        let Some(row) = self.row().filter(|_| !self.is_refusing) else { return false };
        self.is_tried(row) || row.domains.contains(&leased.domain().to_ascii_lowercase())
    }

    /// Whether it holds anybody back.
    pub(super) fn is_holding(&self) -> bool {
        self.row().is_some() && !self.is_refusing
    }

    /// Where it holds readers back: whether others are to be asked first.
    pub(super) fn asks_others(&self) -> Option<bool> {
        self.row().filter(|_| !self.is_refusing).map(|row| !self.is_tried(row))
    }

    /// Whether its row says that it is of no use, after others were asked, or where there are none.
    pub(super) fn is_of_no_use(&self) -> bool {
        let Some(row) = self.row() else { return false };
        if self.taken == 0 || self.is_tried(row) {
            return true;
        }
        if row.is_of_ours {
            // It took these before, or next to nothing beside what it refuses.
            !row.domains.is_disjoint(&self.domains) || row.times >= TOO_MANY && row.times > self.taken
        } else {
            row.domains.len() >= DOMAINS
        }
    }

    /// Its row says nothing of it yet, though there are no others to be asked: it may go on until it is too long.
    pub(super) fn go_on(&mut self) {
        match &mut self.refrain {
            Some(row) if row.is_of_ours => row.allowed = TOO_MANY.max(self.taken + 1),
            _ => self.believe(),
        }
    }

    /// Its row is of the domains in it.
    fn believe(&mut self) {
        if let Some(row) = self.refrain.take() {
            self.believed.extend(row.domains);
        }
    }

    /// Whether it refused all that it was given, some recipients of several domains, in the same words.
    pub(super) fn has_refused_all(&self) -> bool {
        let is_of_all = |refrain: &Refrain| refrain.times >= REFUSALS_OF_ALL && refrain.domains.len() >= DOMAINS;
        self.taken == 0 && !self.is_refusing && self.refrain.as_ref().is_some_and(is_of_all)
    }

    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// It took a message, which was handed out as the so manieth: what it did before counts no more. Of a row of refusals only a
    /// message tells anything that was handed out since.
    pub(super) fn took(&mut self, domain: &str, number: u64, now: Duration) {
        self.taken += 1;
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        if self.is_refusing && !self.is_open(now) {
            return;
        }
        let is_older = |refrain: &mut Refrain| number <= refrain.began;
        let kept = self.refrain.take_if(is_older);
        if self.is_holding() {
            self.believe();
        }
        let Self { taken, domains, believed, .. } = std::mem::take(self);
        *self = Self { taken, domains, believed, refrain: kept, ..Self::default() };
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}
