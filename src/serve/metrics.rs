//! Counters, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

/// What is counted of subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Somebody asked for lists.
    Requested,
    /// Somebody confirmed.
    Confirmed,
    /// Somebody unsubscribed.
    Unsubscribed,
    /// Somebody did too much.
    Limited,
    /// A link that we did not make, or that is too old.
    Refused,
    /// A message was made.
    Written,
    /// A relay refused a message for good.
    Undelivered,
    /// A fault of ours.
    Fault,
}

const COUNTED: [(Counted, &str); 8] = [
    (Counted::Requested, "requested"),
    (Counted::Confirmed, "confirmed"),
    (Counted::Unsubscribed, "unsubscribed"),
    (Counted::Limited, "limited"),
    (Counted::Refused, "refused"),
    (Counted::Written, "written"),
    (Counted::Undelivered, "undelivered"),
    (Counted::Fault, "fault"),
];

/// The counters since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Answers by the first digit of their status.
    answers: [AtomicU64; 6],
    events: [AtomicU64; COUNTED.len()],
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(&self, status: StatusCode) {
        if let Some(counter) = self.answers.get(usize::from(status.as_u16() / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts an event.
    pub(super) fn count(&self, what: Counted) {
        if let Some(at) = COUNTED.iter().position(|(counted, _)| *counted == what) {
            self.events[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All counters as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::from(
            "# HELP masthead_http_responses_total Answers by the class of their status.\n\
             # TYPE masthead_http_responses_total counter\n",
        );
        for (class, counter) in self.answers.iter().enumerate().skip(1) {
            let count = counter.load(Ordering::Relaxed);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "masthead_http_responses_total{{class=\"{class}xx\"}} {count}");
        }
        text.push_str(
            "# HELP masthead_subscription_events_total What came of requests about subscriptions.\n\
             # TYPE masthead_subscription_events_total counter\n",
        );
        for ((_, name), counter) in COUNTED.iter().zip(&self.events) {
            let count = counter.load(Ordering::Relaxed);
            let _ = writeln!(text, "masthead_subscription_events_total{{event=\"{name}\"}} {count}");
        }
        text
    }
}

/// A gauge with labels, appended to `text`.
pub(super) fn gauge(text: &mut String, name: &str, help: &str, values: &[(String, u32)]) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    for (labels, value) in values {
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

/// A value of a label, escaped as the format asks.
pub(super) fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
