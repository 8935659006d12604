//! Taking a frozen issue back, and undoing that. The issue itself stays whole in frozen.json: what is made of it leaves its
//! articles out as long as it is withdrawn.

use chrono::{DateTime, Utc};

use super::freeze::{next_updated, state};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Frozen, Issue, IssueKey, Outcome, Reason, Restoration, Withdrawal};

/// The issue taken back at `now`, as a new revision: number, ids and dates stay, `updated` moves. An issue that is not frozen, one
/// that is withdrawn already and an empty message are errors.
pub fn withdraw(issue: &Issue, message: &str, now: DateTime<Utc>) -> Result<Issue> {
    let key = &issue.key;
    if let Some(Withdrawal { at, message, .. }) = issue.withdrawn() {
        return Err(state(key, &format!("was withdrawn {}: {message}", at.format("%Y-%m-%d"))));
    }
    let mut frozen = revised(issue, message, now)?;
    frozen.withdrawals.push(Withdrawal { at: frozen.updated, message: said(message), restored: None });
    Ok(Issue { frozen: Some(frozen), ..issue.clone() })
}

/// The issue as it was before it was taken back, as a new revision. One that is not withdrawn and an empty message are errors.
pub fn restore(issue: &Issue, message: &str, now: DateTime<Utc>) -> Result<Issue> {
    if issue.withdrawn().is_none() {
        return Err(state(&issue.key, "is not withdrawn, so that there is nothing to undo"));
    }
    let mut frozen = revised(issue, message, now)?;
    let restored = Restoration { at: frozen.updated, message: said(message) };
    if let Some(last) = frozen.withdrawals.last_mut() {
        last.restored = Some(restored);
    }
    Ok(Issue { frozen: Some(frozen), ..issue.clone() })
}

/// The bound issues that a volume was made without because they are withdrawn.
#[must_use]
pub fn left_out(volume: &Issue) -> Vec<&IssueKey> {
    let mut keys: Vec<&IssueKey> = Vec::new();
    for verdict in &volume.verdicts {
        if let Outcome::Out(Reason::Withdrawn { issue }) = &verdict.outcome
            && !keys.contains(&issue)
        {
            keys.push(issue);
        }
    }
    keys
}

/// Whether a volume prints a bound issue.
#[must_use]
pub fn prints(volume: &Issue, key: &IssueKey) -> bool {
    volume.withdrawn().is_none()
        && volume.series.binds.as_ref() == Some(&key.series)
        && volume.sections.iter().any(|section| section.issue == Some(key.ordinal))
}

/// The act of freezing as its next revision has it: mail of it does not begin by itself.
fn revised(issue: &Issue, message: &str, now: DateTime<Utc>) -> Result<Frozen> {
    let Some(before) = &issue.frozen else {
        return Err(state(&issue.key, "is not frozen, so that nothing of it can be taken back"));
    };
    if message.trim().is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("a withdrawal of {} must say why", issue.key)));
    }
    Ok(Frozen {
        revision: before.revision.saturating_add(1),
        updated: next_updated(before, now),
        mail: false,
        ..before.clone()
    })
}

/// What an editor wrote, on one line.
fn said(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::{restore, withdraw};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::assemble::freeze::{amend, edited_since, unfreeze};
    use crate::assemble::frozen::{read, write};
    use crate::model::{Issue, WindowRule};

    fn frozen() -> Issue {
        let posts = [post("a", at("2026-07-03T10:00:00Z"))];
        let mut issues = Vec::new();
        run(&series(WindowRule::Monthly), Tz::UTC, &posts, &mut issues, at("2026-08-01T00:00:00Z"));
        issues.remove(0)
    }

    #[test]
    fn a_withdrawal_is_a_revision_that_keeps_everything_and_can_be_undone() {
        let (before, now) = (frozen(), at("2026-08-05T08:00:00Z"));
        let back = withdraw(&before, " A picture\n was not ours. ", now).unwrap();
        let (was, is) = (before.frozen.as_ref().unwrap(), back.frozen.as_ref().unwrap());
        assert_eq!((is.at, is.revision, is.updated), (was.at, 2, now));
        assert_eq!(back.withdrawn().map(|one| (one.at, one.message.as_str())), Some((now, "A picture was not ours.")));
        assert_eq!(Issue { frozen: before.frozen.clone(), ..back.clone() }, before, "the rest is as it was");
        assert!(withdraw(&back, "again", now).unwrap_err().to_string().contains("was withdrawn 2026-08-05: A picture"));
        // A clock that stands still moves `updated` all the same.
        let again = restore(&back, "It is ours.", now).unwrap();
        let restored = again.frozen.as_ref().unwrap();
        assert_eq!((again.withdrawn(), restored.revision), (None, 3));
        assert_eq!(restored.updated, at("2026-08-05T08:00:01Z"));
        assert!(!restored.is_amended());
        assert!(restore(&again, "again", now).unwrap_err().to_string().contains("is not withdrawn"));
        assert!(withdraw(&before, " ", now).unwrap_err().to_string().contains("must say why"));
        assert!(withdraw(&Issue { frozen: None, ..before }, "a", now).unwrap_err().to_string().contains("not frozen"));
    }

    #[test]
    fn what_is_withdrawn_is_neither_amended_nor_a_draft_again() {
        let back = withdraw(&frozen(), "why", at("2026-08-05T08:00:00Z")).unwrap();
        let draft = Issue { frozen: None, title: Some("Ink".to_owned()), ..back.clone() };
        let error = amend(&back, draft.clone(), "a title", "", at("2026-08-06T08:00:00Z")).unwrap_err();
        assert!(error.to_string().contains("masthead issue withdraw newsletter 0001 --undo"), "{error}");
        assert!(unfreeze(&back, &[], &[]).unwrap_err().to_string().contains("--undo"));
        assert_eq!(
            edited_since(&back, "edited", std::path::Path::new("issue.toml")),
            None,
            "no amendment is asked for"
        );
        let restored = restore(&back, "why not", at("2026-08-06T08:00:00Z")).unwrap();
        assert!(edited_since(&restored, "edited", std::path::Path::new("issue.toml")).is_some());
        // What was told before an amendment stays told.
        let amended = amend(&restored, draft, "a title", "", at("2026-08-07T08:00:00Z")).unwrap().issue.frozen.unwrap();
        assert_eq!((amended.withdrawals.len(), amended.is_amended()), (1, true));
    }

    #[test]
    fn an_issue_that_was_never_withdrawn_keeps_its_bytes() {
        let text = write(&frozen()).unwrap();
        assert!(!text.contains("withdraw"), "{text}");
        let back = withdraw(&frozen(), "why", at("2026-08-05T08:00:00Z")).unwrap();
        let read = read(&write(&back).unwrap(), std::path::Path::new("frozen.json")).unwrap();
        assert_eq!((read.value, read.warnings.len()), (back, 0));
    }
}
