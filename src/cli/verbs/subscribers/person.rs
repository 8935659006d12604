//! What is known of one person, and forgetting it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde_json::json;

use super::given;
use crate::cli::mailing;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{files, outbox, report};
use crate::config::Config;
use crate::deliver::{CsvOrigin, CsvRow, goes_to, outbox_path, read_csv};
use crate::error::{Result, Warning};
use crate::model::{SubscriberStatus, address_identity};

/// Folders of the outbox whose messages are of no campaign.
const OF_NO_CAMPAIGN: [&str; 2] = ["subscriptions", "test"];
/// Longer than the head of any message of ours, in bytes.
const HEAD: usize = 16 * 1024;

/// Forgets a person, also what the outbox holds for them.
pub(super) fn erase(session: &mut Session, config: &Config, text: &str) -> Result<Report> {
    let address = given(text)?;
    let _lock = session.lock(config)?;
    let erased = mailing::store(config)?.erase(&address, session.now)?;
    let mut files = 0;
    for one in &erased.messages {
        let path = outbox_path(&one.issue, &one.address, &one.message_id);
        files += usize::from(outbox::take_away(config, &path, None)?);
    }
    files += clear(&config.root.join("outbox"), &address)?;
    if !erased.is_overwritten {
        let held = Warning::new("another process reads from the store, and its journal still holds what was forgotten");
        session
            .warnings
            .push(held.hint("it goes when `masthead serve` and `masthead deliver` have ended or started anew"));
    }
    for list in &config.lists {
        let Some(csv) = list.csv.as_deref() else { continue };
        // A file that cannot be read is told by every other run.
        let Ok(file) = File::open(config.path(csv)) else { continue };
        let mut is_there = false;
        let _ = read_csv(csv, CsvOrigin::List, BufReader::new(file), |row| {
            if let CsvRow::Reader(one, _) = row {
                is_there |= address_identity(&one.address) == address_identity(&address);
            }
            Ok(())
        });
        if is_there {
            let message = format!("`{address}` stands in `{}`", csv.display());
            session
                .warnings
                .push(Warning::new(message).hint("no mail goes there any more; take the row out of the file"));
        }
    }
    let what = if erased.known { "forgotten" } else { "was not known" };
    let mut report = Report::text(format!(
        "{address} {what}; nothing will be written to it ({} taken from the outbox)\n",
        report::counted(files, "message")
    ));
    report.line("backups that were made before still hold what was known: after a restore, erase again");
    report.set("known", json!(erased.known));
    report.set("messages", json!(files));
    Ok(report)
}

/// Takes away what the outbox holds for somebody that no campaign made: how many messages.
fn clear(outbox: &Path, address: &str) -> Result<usize> {
    let mut cleared = 0;
    for folder in OF_NO_CAMPAIGN.map(|folder| outbox.join(folder)) {
        for name in files::names(&folder)? {
            let path = folder.join(name);
            if path.is_file() && files::head(&path, HEAD)?.is_some_and(|head| goes_to(&head, address)) {
                cleared += usize::from(files::remove(&path)?);
            }
        }
    }
    Ok(cleared)
}

/// Says all that is known of a person.
pub(super) fn show(config: &Config, text: &str) -> Result<Report> {
    let address = given(text)?;
    let store = mailing::store(config)?;
    let (person, suppression) = (store.person(&address)?, store.suppression(&address)?);
    let former = store.former_lists()?;
    let mut report = Report::default();
    let day = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    match &person {
        None => report.line(format!("{address} is not known")),
        Some(person) => {
            let name = person.name.as_deref().map(|name| format!(", {name}")).unwrap_or_default();
            let language = person.language.as_ref().map(|tag| format!(", {tag}")).unwrap_or_default();
            report.line(format!("{}{name}{language}", person.address));
            for one in &person.lists {
                let status = match one.status {
                    SubscriberStatus::Pending => "pending",
                    SubscriberStatus::Active => "active",
                    SubscriberStatus::Unsubscribed => "unsubscribed",
                };
                report.line(format!("  {}: {status}, known since {}", one.list, day(one.since)));
                if one.status == SubscriberStatus::Unsubscribed && former.iter().any(|list| list.name == one.list) {
                    report.line("    it is not in config.toml any more; no other list writes to them, unless they have come back");
                }
            }
            for one in &person.consent {
                let (event, way) = (json!(one.event), json!(one.way));
                let from = one.network.as_deref().map(|network| format!(" from {network}")).unwrap_or_default();
                let list = if one.list.is_empty() { String::new() } else { format!("{} ", one.list) };
                report.line(format!(
                    "  {} {list}{} by {}{from}",
                    day(one.at),
                    event.as_str().unwrap_or_default(),
                    way.as_str().unwrap_or_default()
                ));
                if let Some(words) = &one.words {
                    report.line(format!("    \u{201c}{words}\u{201d}"));
                }
            }
        }
    }
    if let Some(suppression) = &suppression {
        report.line(format!("  no mail goes there: {}, since {}", suppression.reason, day(suppression.since)));
    }
    report.set("person", json!(person));
    report.set("suppression", json!(suppression));
    Ok(report)
}
