//! `masthead build`: public/ from the frozen issues.

use std::path::Path;

use serde_json::json;

use crate::cli::clock;
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::lost;
use crate::cli::public;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::site::{self, Showing};
use crate::config::Config;
use crate::error::Result;
use crate::model::Issue;

/// Makes public/ anew: nothing is frozen, nothing is mailed.
pub(super) fn run(session: &mut Session, output: Option<&Path>, drafts: bool) -> Result<Report> {
    let config = session.config()?;
    clock::refuse_if_behind(session, &config)?;
    build(session, &config, output, drafts.into())
}

/// The same with everything that is not out yet, to be looked at, by whatever clock.
pub(super) fn preview(session: &mut Session, output: &Path) -> Result<Report> {
    let config = session.config()?;
    build(session, &config, Some(output), Showing::Everything)
}

fn build(session: &mut Session, config: &Config, output: Option<&Path>, showing: Showing) -> Result<Report> {
    let folder = public::folder(config, output)?;
    let _lock = session.lock(config)?;
    let templates = session.templates(config)?;
    let collected = collected::collect_and_keep(session, config)?;
    let mut desk = Desk::open(session, config, &collected.posts)?;
    desk.refuse_if_unreadable()?;
    let mut composed: Vec<Issue> = Vec::new();
    if showing != Showing::Out {
        for series in desk.in_order() {
            let issues = desk.compose(session, series)?.issues;
            composed.extend(issues.into_iter().filter(|issue| issue.frozen.is_none()));
        }
    }
    let issues: Vec<&Issue> = desk.stocks.values().flat_map(|stock| &stock.frozen).chain(&composed).collect();
    let made = site::make(session, config, &templates, &issues)?;
    let drawn = site::draw(session, config, &templates, &collected.posts, (&made, &desk.former), showing)?;
    collected::stop_if_strict(session)?;
    for issue in &issues {
        if let Some(frozen) = &issue.frozen {
            desk.shelf.note_published(&issue.key, frozen.revision)?;
        }
    }
    let (tally, taken_away) = drawn.write(session, desk.target(&folder))?;
    let mut report = Report::default();
    lost::tell_gone(&mut report, config, &collected, &taken_away);
    report.line(tally.in_words());
    drawn.tell(&mut report);
    report.set("written", json!(tally.written));
    report.set("unchanged", json!(tally.unchanged));
    report.set("removed", json!(tally.removed));
    Ok(report)
}
