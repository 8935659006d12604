//! How a relay does, and what it answers again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::deliver::smtp::relay::Relay;
use crate::model::{Leased, Reply};

/// How long a relay that is down is left alone at first; each time twice as long, up to [`LONGEST_REST`].
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// How long a relay is let rest, in seconds, that takes no more for now: each time in a row longer, and then it is down.
const PAUSES: [u64; 4] = [1, 2, 4, 8];
/// How many messages in a row it must put off for reasons of its own until these are believed: one may be the cause itself.
pub(super) const PUT_OFF: usize = 3;
/// Refusals within this time lower the limit once.
const BETWEEN_CUTS: Duration = Duration::from_secs(1);
/// How many messages in a row a relay refuses for good, in the same words, until it is taken to refuse all: for reasons
/// of ours, and for reasons of the recipients'.
const REFUSALS: u32 = 10;
const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u32 = 5;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed, or want
/// nothing of ours.
const DOMAINS: usize = 3;
/// How many refusals for reasons of ours are too many to be believed of one or two domains of which it took none, where they are
/// also more than it took of others.
const TOO_MANY: u32 = 50;
/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<String>,
    /// The words of the last.
    pub(super) said: String,
    /// How often in a row.
    pub(super) times: u32,
    /// The domains of the recipients, [`DOMAINS`] of them at most.
    pub(super) domains: BTreeSet<String>,
    /// The deliveries.
    pub(super) deliveries: Vec<i64>,
}

impl Refrain {
    pub(super) fn new(reply: &Reply) -> Self {
        let (code, enhanced) = (reply.code, reply.enhanced.clone());
        Self { code, enhanced, said: String::new(), times: 0, domains: BTreeSet::new(), deliveries: Vec::new() }
    }

    pub(super) fn is(&self, reply: &Reply) -> bool {
        self.code == reply.code && self.enhanced == reply.enhanced
    }

    pub(super) fn add(&mut self, leased: &Leased) {
        self.times += 1;
        self.deliveries.push(leased.lease.delivery);
        if self.domains.len() < DOMAINS {
            self.domains.insert(leased.domain().to_ascii_lowercase());
        }
    }

    /// Whether it says that the relay is of no use, which took so much in this run, of these domains.
    fn is_of_relay(&self, is_of_ours: bool, taken: u32, domains: &BTreeSet<String>) -> bool {
        let is_of_several = taken == 0 || self.domains.len() >= DOMAINS;
        if !is_of_ours {
            return self.times >= REFUSALS_OF_RECIPIENTS && is_of_several;
        }
        let is_too_long = self.times >= TOO_MANY && self.times > taken;
        self.times >= REFUSALS && (is_of_several || is_too_long || !self.domains.is_disjoint(domains))
    }
}

/// How a relay does, whatever it is given.
pub(super) struct Standing {
    /// How many connections it may have now (AIMD).
    pub(super) limit: usize,
    pub(super) most: usize,
    pub(super) active: usize,
    /// How many of these are still being opened.
    pub(super) opening: usize,
    /// Whether the one that there is was opened for the sake of what other relays have refused.
    pub(super) is_on_errand: bool,
    /// How many could not be opened beside others of which nobody knew yet either, and the limit before that.
    unopened: u32,
    before: Option<usize>,
    /// Deliveries that it put off for reasons of its own since it took something, [`PUT_OFF`] of them at most.
    put_off: BTreeSet<i64>,
    /// How often it was let rest for that since then, and until when it is.
    pauses: usize,
    paused_until: Option<Duration>,
    /// Messages taken since the limit changed.
    pub(super) streak: u32,
    /// When the limit was last lowered.
    pub(super) cut: Option<Duration>,
    pub(super) failures: u32,
    /// The deliveries before whose bodies connections ended since it last answered one.
    pub(super) broken: BTreeSet<i64>,
    /// How often it was down since it took something.
    pub(super) rests: u32,
    pub(super) down_until: Option<Duration>,
    pub(super) has_answered: bool,
    /// Whether it is told of a message while it still takes the one before.
    pub(super) is_told_ahead: bool,
    pub(super) why: String,
}

impl Standing {
    pub(super) fn new(relay: &Relay) -> Self {
        Self {
            limit: relay.connections,
            most: relay.connections,
            active: 0,
            opening: 0,
            is_on_errand: false,
            unopened: 0,
            before: None,
            put_off: BTreeSet::new(),
            pauses: 0,
            paused_until: None,
            streak: 0,
            cut: None,
            failures: 0,
            broken: BTreeSet::new(),
            rests: 0,
            down_until: None,
            has_answered: false,
            is_told_ahead: true,
            why: String::new(),
        }
    }

    pub(super) fn is_up(&self, now: Duration) -> bool {
        self.down_until.is_none_or(|until| until <= now)
    }

    /// Whether it may have something now: it is not down, and does not rest.
    pub(super) fn is_ready(&self, now: Duration) -> bool {
        self.is_up(now) && self.paused_until.is_none_or(|until| until <= now)
    }

    /// It is tried with one connection, and soon given up again where it puts everything off.
    pub(super) fn begin_carefully(&mut self) {
        (self.limit, self.pauses) = (1, PAUSES.len() - 2);
    }

    /// Half the connections. Several that meet the same refusal at once count as one.
    pub(super) fn cut(&mut self, now: Duration) {
        if self.cut.is_none_or(|cut| now.saturating_sub(cut) >= BETWEEN_CUTS) {
            self.limit = (self.limit / 2).max(1);
            self.cut = Some(now);
        }
        self.streak = 0;
    }

    /// A connection that was being opened is open: those that could not be opened beside it were too many.
    pub(super) fn opened(&mut self) {
        self.opening = self.opening.saturating_sub(1);
        (self.unopened, self.before) = (0, None);
    }

    /// A connection could not be opened. Beside others that are open, or that may come to be, it was one too many, and there
    /// are to be no more than these. Where there are none it says how many in a row could not be opened.
    pub(super) fn not_opened(&mut self) -> Option<u32> {
        self.opening = self.opening.saturating_sub(1);
        self.active = self.active.saturating_sub(1);
        self.unopened += 1;
        if self.active == 0 {
            self.limit = self.before.take().unwrap_or(self.limit);
            return Some(std::mem::take(&mut self.unopened));
        }
        let before = self.limit;
        (self.limit, self.streak) = (before.min(self.active), 0);
        if self.active > self.opening {
            (self.unopened, self.before) = (0, None);
        } else {
            self.before.get_or_insert(before);
        }
        None
    }

    /// It puts a message off for reasons of its own: it gets fewer connections, and rests. Whether it did so too often.
    pub(super) fn put_off(&mut self, delivery: i64, now: Duration) -> bool {
        self.has_answered = true;
        if self.put_off.len() < PUT_OFF {
            self.put_off.insert(delivery);
        }
        // Several that meet the same refusal at once count as one.
        if !self.is_ready(now) {
            return false;
        }
        self.cut(now);
        if self.is_full() && self.pauses >= PAUSES.len() {
            return true;
        }
        self.paused_until = Some(now + Duration::from_secs(PAUSES[self.pauses.min(PAUSES.len() - 1)]));
        self.pauses += 1;
        false
    }

    /// Whether it put off so many messages in a row that none of them is the cause.
    pub(super) fn is_full(&self) -> bool {
        self.put_off.len() >= PUT_OFF
    }

    /// It took a message: what it said of itself before counts no more.
    pub(super) fn took(&mut self) {
        if self.pauses > 0 {
            self.put_off.clear();
            (self.pauses, self.paused_until) = (0, None);
        }
    }
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
    /// What it answers since it took something.
    pub(super) refrain: Option<Refrain>,
    /// Whether it gets no more because it refuses everything.
    pub(super) is_refusing: bool,
    /// How often it got no more since it took something.
    pub(super) rests: u32,
    pub(super) shut_until: Option<Duration>,
    pub(super) why: String,
}

impl Reception {
    /// Whether it refused all that it was given, some recipients of several domains, in the same words.
    pub(super) fn has_refused_all(&self) -> bool {
        let is_of_all = |refrain: &Refrain| refrain.times >= REFUSALS_OF_ALL && refrain.domains.len() >= DOMAINS;
        self.taken == 0 && !self.is_refusing && self.refrain.as_ref().is_some_and(is_of_all)
    }

    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// It took a message: what it did before counts no more, unless that was to refuse one after the other, while this one was
    /// under way.
    pub(super) fn took(&mut self, domain: &str, now: Duration) {
        self.taken = self.taken.saturating_add(1);
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        if self.is_refusing && !self.is_open(now) {
            return;
        }
        let Self { taken, domains, .. } = std::mem::take(self);
        *self = Self { taken, domains, ..Self::default() };
    }

    /// Whether what it answers says that it is of no use.
    pub(super) fn is_of_no_use(&self, is_of_ours: bool) -> bool {
        self.refrain.as_ref().is_some_and(|refrain| refrain.is_of_relay(is_of_ours, self.taken, &self.domains))
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}

/// How long a relay is left alone that was so often before.
pub(super) fn rest(rests: u32) -> Duration {
    (REST * 2_u32.saturating_pow(rests.min(8))).min(LONGEST_REST)
}
