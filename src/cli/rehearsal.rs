//! Templates drawn over an example, before they are needed.

use super::session::Session;
use crate::config::Config;
use crate::error::{Place, Result, Warning};
use crate::model::{Digest, MailPolicy};
use crate::render::{email, rehearsal};
use crate::serve;
use crate::templates::Templates;

/// Draws every template; tells of what a mail made by them lacks.
pub(super) fn rehearse(session: &mut Session, config: &Config, templates: &Templates) -> Result<()> {
    session.heed(serve::rehearse(config, templates)?);
    let drawn = rehearsal::rehearse(&config.publication, &config.languages(), &config.series, templates)?;
    let digests = session.heed(drawn);
    let is_mailed = config.series.iter().any(|series| !series.lists.is_empty() && series.mail != MailPolicy::Never);
    let mut told: Vec<Warning> = Vec::new();
    for warning in digests.iter().filter(|_| is_mailed).flat_map(|digest| lacking(digest, templates)) {
        if !told.contains(&warning) {
            told.push(warning);
        }
    }
    session.warnings.extend(told);
    Ok(())
}

fn lacking(digest: &Digest, templates: &Templates) -> Vec<Warning> {
    let told = |part: email::Part| {
        let warning =
            Warning::new(format!("mail drawn with this has no link to unsubscribe by in its {} part", part.name()));
        let file = templates.path(part.template()).map_or_else(|| part.template().into(), std::path::Path::to_owned);
        warning.at(Place::file(file)).hint(HINT)
    };
    email::without_unsubscribing(digest).into_iter().map(told).collect()
}

/// Why that is told.
const HINT: &str =
    "write `{{unsubscribe}}`, the address of it: many laws, and large providers, ask for one that can be seen";

/// What readers of an issue's mail cannot see to unsubscribe by.
pub(super) fn without_unsubscribing(digest: &Digest) -> Option<Warning> {
    let lacking = email::without_unsubscribing(digest);
    let where_to: Vec<&str> = lacking.iter().map(|part| part.name()).collect();
    (!lacking.is_empty()).then(|| {
        let parts = if lacking.len() == 1 { "part" } else { "parts" };
        Warning::new(format!(
            "the mail of {} has no link to unsubscribe by in its {} {parts}",
            digest.issue,
            where_to.join(" and ")
        ))
        .hint(HINT)
        .once()
    })
}
