//! `masthead issue import`: back issues made before Masthead.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::json;

use super::name;
use crate::assemble::frozen;
use crate::assemble::import::{BackIssue, import};
use crate::cli::compose::Desk;
use crate::cli::files;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Issue, IssueAsset, sha256_hex};

/// What is known of the back issue.
pub(super) struct Asked {
    pub(super) series: String,
    pub(super) pdf: PathBuf,
    pub(super) number: String,
    pub(super) date: NaiveDate,
    pub(super) title: Option<String>,
}

/// Brings in a back issue as a frozen one.
pub(super) fn run(session: &mut Session, config: &Config, asked: &Asked) -> Result<Report> {
    let desk = Desk::open(session, config, &[])?;
    let series = desk.series(&asked.series)?;
    let stock = desk.stock(series);
    let bytes = files::read(&asked.pdf)?
        .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(&asked.pdf)))?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(Error::new(ErrorKind::Input, "this is not a PDF").at(Place::file(&asked.pdf)));
    }
    let hash = sha256_hex(&bytes);
    let pdf = IssueAsset {
        name: format!("{}.pdf", &hash[..16]),
        media_type: "application/pdf".to_owned(),
        length: bytes.len() as u64,
        sha256: hash,
        width: None,
        height: None,
    };
    let file = pdf.name.clone();
    let back = BackIssue { label: asked.number.clone(), date: asked.date, title: asked.title.clone(), pdf };
    let others: Vec<&Issue> = stock.frozen.iter().collect();
    let ordinal = stock.next_ordinal;
    let issue = import(series, &config.publication, ordinal, back, &others, "", session.now)?;
    if !desk.shelf.bring_in(&issue.key, &frozen::write(&issue)?, (&file, &bytes))? {
        return Err(Error::new(ErrorKind::State, "the folder of the next issue is there already")
            .at(Place::file(Shelf::shown(&issue.key, "")))
            .hint("another program may have made it; run this again"));
    }
    let mut report = Report::text(format!("brought in: {}, {}\n", name(&issue), asked.date));
    report.set("series", json!(issue.key.series));
    report.set("ordinal", json!(issue.ordinal()));
    report.set("number", json!(issue.number.label));
    Ok(report)
}
