//! Older pages of feeds that did not come: when they are asked for again, and when no more.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::learn::{FIRST_RETRY, LONGEST_REST, LONGEST_RETRY, minute};
use super::{Failure, Fault, When};
use crate::config::Source;
use crate::error::Warning;
use crate::model::{Gap, shown_address};

/// So often a page is asked for: with the pauses between, that takes about five days.
const TRIES: u32 = 12;

/// Whether a gap is to be closed now. A time that no failure sets binds nobody: the clock was set back.
#[must_use]
pub fn is_due(gap: &Gap, when: When, now: DateTime<Utc>) -> bool {
    let waits = gap.next.is_some_and(|next| next > now && next <= now + LONGEST_RETRY);
    when == When::Now || (when == When::Due && !waits)
}

/// What is to be remembered when a page could not be had: `known` is the gap as it was. Pauses between tries double, as
/// they do for the source itself.
#[must_use]
pub fn missed(known: Option<&Gap>, page: &Url, failure: &Failure, now: DateTime<Utc>) -> Gap {
    let before = known.filter(|gap| gap.page == page.as_str()).map_or(0, |gap| gap.tries);
    let tries = before.saturating_add(1);
    let backoff = FIRST_RETRY * 2_i32.pow(before.min(9));
    let wait = backoff.min(LONGEST_REST).max(failure.wait(now).unwrap_or_default()).min(LONGEST_RETRY);
    let next = Some(now + wait.max(TimeDelta::zero()));
    Gap { page: page.to_string(), tries, next, fault: failure.fault.to_string(), ..known.cloned().unwrap_or_default() }
}

/// Whether a page that failed is not asked for again.
#[must_use]
pub fn is_given_up(gap: &Gap, fault: &Fault) -> bool {
    gap.tries >= TRIES || *fault == Fault::Status(410)
}

/// What there is to warn of about a gap that is asked for again.
#[must_use]
pub fn gap_warning(source: &Source, gap: &Gap) -> Warning {
    let again = gap.next.map(|next| format!("; they are asked for again after {}", minute(next))).unwrap_or_default();
    Warning::new(format!("older pages of the source `{}` are missing: {}{again}", source.name, told(gap)))
}

/// What there is to warn of about one that is not.
#[must_use]
pub fn given_up(source: &Source, gap: &Gap) -> Warning {
    let again = "they are not asked for again";
    Warning::new(format!("older pages of the source `{}` are missing: {}; {again}", source.name, told(gap))).once()
}

/// "`https://a.example/feed?page=2`: the server answered 503 (unavailable)"
fn told(gap: &Gap) -> String {
    let page = Url::parse(&gap.page).map_or_else(|_| gap.page.clone(), |url| shown_address(&url));
    format!("`{page}`: {}", gap.fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_ever_later_and_not_for_ever() {
        let (page, now) = (Url::parse("https://a.example/2").unwrap(), DateTime::UNIX_EPOCH);
        let failure = Failure::from(Fault::Status(503));
        let mut gap = Gap { left: 9, before: Some(now), ..missed(None, &page, &failure, now) };
        assert_eq!(gap.next, Some(now + TimeDelta::minutes(5)));
        assert!(!is_due(&gap, When::Due, now) && is_due(&gap, When::Now, now));
        assert!(
            is_due(&gap, When::Due, now + TimeDelta::minutes(5)) && is_due(&gap, When::Due, now - TimeDelta::days(9))
        );
        while !is_given_up(&gap, &failure.fault) {
            gap = missed(Some(&gap), &page, &failure, now);
            assert!(gap.next <= Some(now + TimeDelta::days(1)));
        }
        assert_eq!((gap.tries, gap.left, gap.before), (12, 9, Some(now)));
        let other = missed(Some(&gap), &Url::parse("https://a.example/3").unwrap(), &failure, now);
        assert_eq!(other.tries, 1, "another page has its own tries");
        assert!(is_given_up(&other, &Fault::Status(410)));
    }
}
