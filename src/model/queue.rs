//! Campaigns, their deliveries, and the queue that keeps them.
//!
//! A campaign is one issue on its way to the readers of its lists, who are settled when it starts. Its deliveries are
//! claimed in batches by workers, under leases that end by themselves. Before the body of a message goes out, the
//! intent is recorded ([`DeliveryState::Sending`]); after the server's answer, what became of it. Whatever dies in
//! between leaves a delivery of which nobody knows whether it arrived: that one is `Ambiguous`, is told, and is never
//! sent again by itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::{BounceClass, BounceReason, IssueKey, Recipient};
use crate::error::Result;

/// The number of a delivery that is in no queue. What comes back of it is about nobody.
pub const NO_DELIVERY: i64 = 0;

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CampaignState {
    /// Begins at a time to come.
    Scheduled,
    /// Its deliveries may be claimed.
    Running,
    /// Stopped until somebody resumes it, or until its relays answer again.
    Paused,
    /// Stopped for good; what was not sent never will be.
    Cancelled,
    /// Every delivery has come to an end.
    Finished,
}

impl CampaignState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Scheduled, Self::Running, Self::Paused, Self::Cancelled, Self::Finished];

    /// The word in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Finished => "finished",
        }
    }

    /// Reads the word of a table.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Where one delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Recorded, not yet tried.
    Pending,
    /// In the hands of a worker, which has not begun with its body.
    Leased,
    /// A worker is handing over the body.
    Sending,
    /// Written to the outbox, or taken by a server.
    Sent,
    /// Refused for now; tried again later.
    Deferred,
    /// Refused for good.
    Failed,
    /// Not tried, because the address must not be written to or has unsubscribed since.
    Suppressed,
    /// Nobody knows whether a server took it.
    Ambiguous,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Leased,
        Self::Sending,
        Self::Sent,
        Self::Deferred,
        Self::Failed,
        Self::Suppressed,
        Self::Ambiguous,
    ];

    /// The word in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
            Self::Ambiguous => "ambiguous",
        }
    }

    /// Reads the word of a table.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One issue on its way to its readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// By which the queue knows it.
    pub id: i64,
    /// Which issue.
    #[serde(flatten)]
    pub issue: IssueKey,
    /// Which revision of it.
    pub revision: u32,
    /// Where it stands.
    pub state: CampaignState,
    /// Why it is paused or cancelled.
    pub reason: Option<String>,
    /// When its recipients were settled.
    pub queued: DateTime<Utc>,
    /// When it begins, or began; [`HELD_BACK`] is written as nothing.
    #[serde(serialize_with = "unless_held_back")]
    pub starts: DateTime<Utc>,
    /// When its state changed last.
    pub changed: DateTime<Utc>,
}

/// When a campaign begins that is held back until somebody sends what is due: never by itself.
pub const HELD_BACK: DateTime<Utc> = match DateTime::from_timestamp(253_402_214_400, 0) {
    Some(last_day_of_9999) => last_day_of_9999,
    None => DateTime::<Utc>::MAX_UTC,
};

fn unless_held_back<S: Serializer>(starts: &DateTime<Utc>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    Some(starts).filter(|starts| **starts != HELD_BACK).serialize(serializer)
}

/// A campaign that is about to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCampaign {
    /// Which issue. One issue has one campaign for ever, whatever is amended or who joins later.
    pub issue: IssueKey,
    /// Which revision of it.
    pub revision: u32,
    /// The lists whose readers get it; a reader of several gets it through the first.
    pub lists: Vec<String>,
    /// When it begins.
    pub starts: DateTime<Utc>,
}

/// A hold on one delivery. A record under an older hold than the newest changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Of which delivery.
    pub delivery: i64,
    /// The count of holds on it so far, this one included.
    pub epoch: i64,
}

/// A delivery in the hands of a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    /// The hold on it.
    pub lease: Lease,
    /// To whom, and through which list.
    pub recipient: Recipient,
    /// RFC 5322's Message-ID without the angle brackets; made from issue, revision, recipient and a secret.
    pub message_id: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// When it was first tried.
    pub first_tried: Option<DateTime<Utc>>,
}

impl Leased {
    /// The domain of the address, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        domain_of(&self.recipient.address)
    }
}

/// What follows the last `@` of an address.
#[must_use]
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// What a worker asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Of which campaign. One that is not running gives nothing.
    pub campaign: i64,
    /// The worker's name, unlike any other's, also those of its own earlier runs.
    pub worker: String,
    /// How many at most.
    pub most: usize,
    /// The lists of the issue: whoever has left one and stands on another gets it through that one.
    pub lists: Vec<String>,
    /// Domains of which the worker has enough in hand.
    pub except: Vec<String>,
    /// Until when they are its own, unless it renews.
    pub until: DateTime<Utc>,
}

/// What a server said, or what became of the connection to it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reply {
    /// Which relay, as the configuration names it; `file` for the outbox.
    pub relay: String,
    /// The reply code (RFC 5321 4.2); none where no reply came.
    pub code: Option<u16>,
    /// The enhanced status code (RFC 3463): "5.1.1".
    pub enhanced: Option<String>,
    /// The words of the reply, or what went wrong, on one line.
    pub text: String,
}

/// How the reason of a campaign begins that waits until a relay can be used again.
const NO_RELAY: &str = "no relay can be used: ";

/// The same of one that rests because its issue was taken back.
const WITHDRAWN: &str = "the issue was withdrawn: ";

impl Campaign {
    /// The reason with which a campaign is paused because no relay can be used.
    #[must_use]
    pub fn no_relay(why: &str) -> String {
        format!("{NO_RELAY}{why}")
    }

    /// Whether it is paused for that reason: then the next run tries again by itself.
    #[must_use]
    pub fn waits_for_relay(&self) -> bool {
        self.state == CampaignState::Paused && self.reason.as_deref().is_some_and(Self::is_no_relay)
    }

    /// The reason with which a campaign is paused because its issue was withdrawn.
    #[must_use]
    pub fn withdrawn(why: &str) -> String {
        format!("{WITHDRAWN}{why}")
    }

    /// Whether it is paused for that reason.
    #[must_use]
    pub fn was_withdrawn(&self) -> bool {
        self.state == CampaignState::Paused && self.reason.as_deref().is_some_and(|why| why.starts_with(WITHDRAWN))
    }

    /// Whether it is held back until somebody sends what is due.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.state == CampaignState::Scheduled && self.starts == HELD_BACK
    }

    /// Whether a reason is one that [`Campaign::no_relay`] makes. Statements of the store look for it as well.
    #[must_use]
    pub fn is_no_relay(reason: &str) -> bool {
        reason.starts_with(NO_RELAY)
    }
}

/// What became of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Taken.
    Sent,
    /// Refused for now.
    Deferred {
        /// When it is tried again.
        until: DateTime<Utc>,
    },
    /// Refused for good, or for too long, for what it is or whom it comes from.
    Failed,
    /// The same for a reason of the recipient's: it counts against the address, and where it is hard no mail goes there
    /// any more.
    Bounced(
        /// Hard or soft.
        BounceClass,
        /// Why.
        BounceReason,
    ),
    /// The body went out, and no answer came.
    Ambiguous,
    /// Not tried: it goes back as it was, due when it was.
    Released,
}

/// What a worker has to say of a delivery that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The hold under which it was tried.
    pub lease: Lease,
    /// What became of it.
    pub disposition: Disposition,
    /// What was said.
    pub reply: Reply,
}

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Recorded {
    /// How many of the settlements counted; the others' holds were over.
    pub settled: usize,
    /// The deliveries whose bodies may go out now. Those of a campaign that was paused or cancelled, or whose hold is
    /// over, are missing.
    pub granted: Vec<i64>,
    /// The deliveries whose addresses were suppressed for what servers answered.
    pub suppressed: Vec<i64>,
}

/// What was taken back of refusals that say nothing of their recipients.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TakenBack {
    /// How many addresses get mail again.
    pub lifted: usize,
    /// The deliveries that are due again.
    pub again: Vec<i64>,
}

/// What was taken back from workers that are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Not begun: due again.
    pub returned: usize,
    /// Their bodies may have gone out.
    pub ambiguous: usize,
}

/// Whose holds are over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Those of every worker but this one: it knows that it is alone.
    EverybodyBut(
        /// The worker's name.
        String,
    ),
    /// Those of this worker: it has stopped.
    Stopped(
        /// The worker's name.
        String,
    ),
    /// Those that were not renewed in time.
    Overdue,
}

/// What an operator does to a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stops it, for this reason.
    Pause(
        /// For people.
        String,
    ),
    /// Lets a paused one go on, which is to wait for its time where that has not come, and a scheduled one begin now.
    Resume,
    /// The same with this revision for whoever was sent none yet; not while messages of the one before are in hand.
    ResumeAmended(
        /// Of the issue.
        u32,
    ),
    /// Has one of which nothing was tried begin at another time: not later than now, it begins at once.
    Reschedule {
        /// When.
        starts: DateTime<Utc>,
        /// The revision that everybody gets, where that is another one by now.
        revision: Option<u32>,
    },
    /// Stops it for good.
    Cancel,
}

/// What an operator says of deliveries: of ambiguous ones, or of those that were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// They arrived.
    Sent,
    /// They did not, and will not be sent again.
    Failed,
    /// They are sent again, under the same Message-ID.
    Resend,
    /// Those that were refused for good are tried again. One that was said to have failed is no such, unless its address is
    /// named.
    Retry,
}

/// How far a campaign is.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Progress {
    /// How many deliveries are in each state; states without any are missing.
    pub states: std::collections::BTreeMap<DeliveryState, u64>,
    /// How many go through each list.
    pub by_list: std::collections::BTreeMap<String, u64>,
    /// How many were sent through each list.
    pub sent_by_list: std::collections::BTreeMap<String, u64>,
    /// How many were sent in the minute before the question.
    pub last_minute: u64,
    /// When the first and the last were sent.
    pub first_sent: Option<DateTime<Utc>>,
    /// See `first_sent`.
    pub last_sent: Option<DateTime<Utc>>,
    /// In how many minutes of the clock any was sent: pauses and waits for retries do not count.
    pub minutes: u64,
    /// How many were sent in a later second than the first: when that one was begun, nobody has noted.
    pub after_first: u64,
    /// When the next deferred one is due.
    pub next_due: Option<DateTime<Utc>>,
    /// How many relays took, and other servers gave back later.
    pub returned: u64,
}

impl Progress {
    /// How many deliveries are in a state.
    #[must_use]
    pub fn count(&self, state: DeliveryState) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// How many deliveries there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.states.values().sum()
    }
}

/// One try, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// When.
    pub at: DateTime<Utc>,
    /// The state in which it left the delivery.
    pub state: DeliveryState,
    /// What was said.
    #[serde(flatten)]
    pub reply: Reply,
}

/// What came back of a delivery after a relay had taken it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Returned {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// Hard, soft or a complaint, as [`BounceClass`] names them.
    pub class: String,
    /// Why, as [`BounceReason`] names it.
    pub reason: String,
    /// The enhanced status code (RFC 3463).
    pub status: String,
    /// What the server said.
    pub diagnosis: String,
}

/// A delivery with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct History {
    /// By which the queue and a return path know it.
    pub delivery: i64,
    /// The count of holds on it so far.
    #[serde(skip)]
    pub epoch: i64,
    /// Which issue.
    #[serde(flatten)]
    pub issue: IssueKey,
    /// Which revision of it.
    pub revision: u32,
    /// The address.
    pub address: String,
    /// Through which list.
    pub list: String,
    /// Without the angle brackets.
    pub message_id: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When that changed last.
    pub changed: DateTime<Utc>,
    /// When it is tried next.
    pub next_due: Option<DateTime<Utc>>,
    /// The tries, in order.
    pub attempts: Vec<Attempt>,
    /// What came back of it, in order.
    pub returned: Vec<Returned>,
}

/// Which deliveries are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    /// Of one campaign.
    pub campaign: Option<i64>,
    /// To one address, in any capitals.
    pub address: Option<String>,
    /// In one state.
    pub state: Option<DeliveryState>,
    /// By one id.
    pub delivery: Option<i64>,
    /// How many at most.
    pub most: Option<usize>,
}

/// Where campaigns and deliveries are kept. Each method is one transaction, where it says nothing else; instants come from the caller, and count
/// whole seconds.
pub trait Queue: Send {
    /// Begins a campaign: settles who gets it, all or none, and tells how many they are; a long list in several
    /// transactions, of which nobody sees anything before the last. `choose` is shown every
    /// reader of the lists who is to be written to now, and gives the Message-ID, or `None` for one who does not get
    /// this issue. Where the issue has a campaign already, nothing changes, and the answer is 0.
    fn start(
        &mut self,
        campaign: &NewCampaign,
        choose: &mut dyn FnMut(&Recipient) -> Option<String>,
        now: DateTime<Utc>,
    ) -> Result<u64>;

    /// All campaigns, oldest first. Scheduled ones whose time has come are made running first.
    fn campaigns(&mut self, now: DateTime<Utc>) -> Result<Vec<Campaign>>;

    /// Pauses, resumes or cancels; whether that changed anything. A running or scheduled campaign can be paused; a
    /// paused or scheduled one resumed; one that is not over, and of which nothing was tried, begin at another time; any that is
    /// not over cancelled. What was in the hands of workers is not given to
    /// anybody else, and they are granted no further bodies.
    fn change(&mut self, campaign: i64, change: &Change, now: DateTime<Utc>) -> Result<bool>;

    /// Takes back what is held by workers that are gone: what was not begun is due again, and the rest is ambiguous.
    fn recover(&mut self, gone: &Gone, now: DateTime<Utc>) -> Result<Recovered>;

    /// Gives a worker deliveries that are due, earliest first. Addresses that were suppressed or unsubscribed since
    /// are settled as such instead: there may be others where it gives none.
    fn claim(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Leased>>;

    /// Whether there is anything that such a claim might give.
    fn has_due(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<bool>;

    /// Lengthens all holds of a worker; tells how many there are. A store with a clock of its own holds them for as long as
    /// it is from `now` until then, whatever was done to the caller's clock since the last question.
    fn renew(&mut self, worker: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize>;

    /// Records what became of deliveries, and of which ones a body is about to go out, in one transaction that
    /// outlives a kill. Only holds of this worker count. An ambiguous delivery may still be settled by the worker
    /// that held it last.
    fn record(
        &mut self,
        worker: &str,
        settled: &[Settlement],
        intents: &[Lease],
        now: DateTime<Utc>,
    ) -> Result<Recorded>;

    /// Takes back what was concluded of the addresses to which these deliveries were refused: a relay that refuses
    /// everything knows nothing of them. Of these, `again` are due again, and make a finished campaign run again.
    fn take_back(&mut self, mistaken: &[i64], again: &[i64], now: DateTime<Utc>) -> Result<TakenBack>;

    /// Marks a running campaign finished when none of its deliveries is due now or later or held; says whether it is.
    fn finish(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<bool>;

    /// When the next of a campaign's deliveries is due, which may be in the past; `None` when none is.
    fn next_due(&mut self, campaign: i64) -> Result<Option<DateTime<Utc>>>;

    /// How many messages of a campaign were taken after so many to readers of this domain were refused, for reasons of ours or of
    /// theirs; `None` where one to these was taken.
    fn taken_since_refusals(&mut self, campaign: i64, domain: &str, times: u32, of_ours: bool) -> Result<Option<u64>>;

    /// How far a campaign is.
    fn progress(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<Progress>;

    /// The deliveries that a query names, with their attempts: newest campaign first, then in the order of addresses.
    fn history(&mut self, query: &Query) -> Result<Vec<History>>;

    /// Settles deliveries of a campaign, all or those of one address: the ambiguous ones, or to try again those that
    /// were refused, whose addresses get mail again if it was that refusal that stopped it. Tells how many. Those that are sent again make a finished campaign run again.
    fn resolve(
        &mut self,
        campaign: i64,
        address: Option<&str>,
        resolution: Resolution,
        now: DateTime<Utc>,
    ) -> Result<usize>;
}

#[cfg(test)]
mod tests {
    use super::{CampaignState, DeliveryState, domain_of};

    #[test]
    fn words_read_back() {
        assert!(DeliveryState::ALL.iter().all(|state| DeliveryState::parse(state.as_str()) == Some(*state)));
        assert!(CampaignState::ALL.iter().all(|state| CampaignState::parse(state.as_str()) == Some(*state)));
        assert_eq!(DeliveryState::parse("lost"), None);
        assert_eq!((domain_of("a@x.example"), domain_of("nobody")), ("x.example", ""));
    }
}
