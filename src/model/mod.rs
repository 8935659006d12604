//! What a publication is made of: plain data, serde, no I/O, no clock.

mod apart;
mod bounce;
mod calendar;
mod checksum;
mod clock;
mod consent;
mod day;
mod digest;
mod enclosure;
mod fetch;
mod first_place;
mod html;
mod identity;
mod issue;
mod language;
mod language_codes;
mod language_names;
mod mailing;
mod markup;
mod notice;
mod number;
mod particulars;
mod picture_name;
mod post;
mod publication;
mod queue;
mod section;
mod series;
mod shell;
mod slug;
mod verdict;
mod web;
mod window;
mod wording;

pub use apart::{isolated, set_apart, turns};
pub use bounce::{BounceClass, BounceEvent, BounceReason, EnhancedStatus, Evidence, NoStatus, SOFT_BOUNCES, Tried};
pub use calendar::{Calendar, CalendarDate};
pub use checksum::{hexadecimal, sha256_hex, sha256_of};
pub use clock::Clock;
pub use consent::{Circumstance, Consent, ConsentEvent, Membership, Person, Suppression, Way};
pub use day::{DayFault, FIRST_YEAR, ascii_digit, in_gregorian, is_solar_year, read_day, solar_day, with_ascii_digits};
pub use digest::{Detail, Digest, Frame, Marks};
pub use enclosure::{Enclosure, Medium, duration, ending_of, is_named_as_picture, media_type, media_type_of};
pub use fetch::{Gap, SourceState};
pub use first_place::{FirstPlace, is_iri};
pub use html::{Html, escaped, next_tag, page_of_link, push_escaped};
pub use identity::{address_identity, composed, decomposed, same_word, shares_word, word_identity};
pub use issue::{Article, FORMAT, Frozen, Issue, IssueAsset, IssueKey, Restoration, SeriesIdentity, Withdrawal};
pub use language::{Direction, Language};
pub use language_codes::{is_two_letter_code, shortest_code};
pub use language_names::LANGUAGE_NAMES;
pub use mailing::{List, ListNames, NewSubscriber, Recipient, Subscriber, SubscriberStatus};
pub use markup::{Attribute, Markup, attributes, markup, sheets, shows_blanks, tag_name};
pub use notice::{NoticeKind, NoticeState, ReadyNotice, Request};
pub use number::{LabelFault, Number, Numbering};
pub use particulars::Particulars;
pub use picture_name::{picture_name, whole_picture};
pub use post::{Asset, Credit, Origin, Picture, Post, PostId, asset_address};
pub use publication::{Name, Names, Publication};
pub use queue::{
    Attempt, Campaign, CampaignState, Change, Claim, DeliveryState, Disposition, Gone, HELD_BACK, History, Lease,
    Leased, NO_DELIVERY, NewCampaign, Progress, Query, Queue, Recorded, Recovered, Reply, Resolution, Returned,
    Settlement, TakenBack, domain_of,
};
pub use section::{BoundIssue, Section, SectionRule, section_anchor};
pub use series::{Contents, FreezePolicy, MailPolicy, OnEmpty, Selection, Series, Style, WindowRule};
pub use shell::shell_word;
pub use slug::{LONGEST_SLUG, fitting, group_slug, slugify};
pub use verdict::{Outcome, Reason, Verdict};
pub use web::{shown_address, web_fault};
pub use window::Window;
pub use wording::{SHOWN_ADDRESS, is_unseen, without_addresses};
