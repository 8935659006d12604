//! What is said of messages that did not arrive, or of which nobody knows.

use crate::cli::report::counted;
use crate::deliver::smtp::Summary;
use crate::error::{Error, ErrorKind, Warning};
use crate::model::{DeliveryState, IssueKey, Progress};

/// So many refused messages of a campaign are told, where they are more than those that were taken.
const MANY: u64 = 10;

/// What is said of messages of which nobody knows whether they arrived. They are never sent again by themselves.
pub(in crate::cli) fn in_doubt(issue: &IssueKey, count: u64) -> Error {
    let messages = counted(count as usize, "message");
    let which = issue.argument();
    Error::new(ErrorKind::State, format!("of {messages} of {issue} nobody knows whether a server took them"))
        .hint(format!("`masthead resolve {which}` lists and settles them"))
}

/// What is said where a campaign of which some were refused now had more refused than taken.
pub(super) fn mostly_refused(issue: &IssueKey, summary: &Summary, progress: &Progress) -> Option<Warning> {
    let (failed, sent) = (progress.count(DeliveryState::Failed), progress.count(DeliveryState::Sent));
    if summary.failed == 0 || failed < MANY || failed <= sent {
        return None;
    }
    let message = format!("more messages of {issue} were refused than taken: {failed} of {}", progress.total());
    let hint = format!("`masthead resolve {} --refused` says why; `--resend` tries them again", issue.argument());
    Some(Warning::new(message).hint(hint).once())
}
