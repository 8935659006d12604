//! How a relay does.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::deliver::smtp::relay::Relay;

/// How long a relay that is down is left alone at first; each time twice as long, up to [`LONGEST_REST`].
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// How long a relay is let rest, in seconds, that takes no more for now: each time in a row longer, and then it is down.
const PAUSES: [u64; 4] = [1, 2, 4, 8];
/// How many messages in a row it must put off for reasons of its own until these are believed: one may be the cause itself.
pub(super) const PUT_OFF: usize = 3;
/// Refusals within this time lower the limit once.
const BETWEEN_CUTS: Duration = Duration::from_secs(1);
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

/// How long a relay is left alone that was so often before.
pub(super) fn rest(rests: u32) -> Duration {
    (REST * 2_u32.saturating_pow(rests.min(8))).min(LONGEST_REST)
}
