//! Links of posts to pages of the publication that are not there: whoever follows one meets an error.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::manifest::Manifest;
use super::public::files_at;
use super::session::Session;
use super::site::{self, Drawn};
use crate::assemble::members::ours;
use crate::config::Config;
use crate::error::{Place, Result, Warning};
use crate::model::{Origin, Post};

/// What stands at paths of the publication.
pub(super) struct Standing<'a> {
    config: &'a Config,
    /// The files that a run would write, below public/.
    written: BTreeSet<&'a str>,
    /// The folders in which it writes them, at the top of public/. What stands elsewhere on the site is not known here.
    folders: BTreeSet<&'a str>,
    /// What the last one wrote, which the next one takes away where it writes it no more.
    earlier: Manifest,
}

impl<'a> Standing<'a> {
    /// What stands where a site is written so.
    pub(super) fn new(config: &'a Config, drawn: &'a Drawn) -> Result<Self> {
        let earlier = Manifest::read(&config.root.join("public"))?;
        let written: BTreeSet<&str> = drawn.paths().collect();
        let folders = written.iter().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
        Ok(Self { config, written, folders, earlier })
    }

    /// Whether a server finds something at an address below that of the publication, as far as that is known. Files that are
    /// linked to are told of where they are looked for.
    fn has(&self, address: &str) -> bool {
        let served = self.config.mail.subscriptions_url.as_deref();
        if served.is_some_and(|served| address.starts_with(served) && served != self.config.publication.base_url) {
            return true;
        }
        let path = address.strip_prefix(&self.config.publication.base_url).unwrap_or_default();
        let path = percent_decode_str(path.split(['?', '#']).next().unwrap_or_default()).decode_utf8_lossy();
        let path = path.trim_end_matches('/');
        let (folder, name) = (path.split('/').next().unwrap_or_default(), path.rsplit('/').next().unwrap_or_default());
        let is_file = name.rsplit_once('.').is_some_and(|(_, extension)| !extension.starts_with("htm"));
        if !self.folders.contains(folder) || is_file || (served.is_some() && SERVED.contains(&folder)) {
            return true;
        }
        files_at(path).iter().any(|file| self.written.contains(file.as_str()) || self.is_put_there(file))
    }

    /// Whether somebody has put such a file into public/ beside ours.
    fn is_put_there(&self, file: &str) -> bool {
        let is_below = !file.is_empty() && file.split('/').all(|part| !matches!(part, "" | "." | ".."));
        is_below && !self.earlier.holds(file) && self.config.root.join("public").join(file).is_file()
    }
}

/// Paths that `serve --public` answers to itself.
const SERVED: [&str; 5] = ["subscribe", "confirm", "unsubscribe", "manage", "health"];

/// A warning for each post of ours that leads to pages of ours which are not there. What is known of links to posts for members is
/// told elsewhere: those of `nowhere`.
pub(super) fn told(
    session: &Session,
    standing: &Standing<'_>,
    posts: &[Post],
    nowhere: &BTreeSet<String>,
) -> Vec<Warning> {
    let base_url = &standing.config.publication.base_url;
    let own = posts.iter().filter(|post| post.origin == Origin::Own && site::is_out(session, post));
    let warning = |post: &Post| {
        let links: BTreeSet<String> = ours(&post.body, base_url).collect();
        let dead: Vec<&String> =
            links.iter().filter(|address| !nowhere.contains(*address) && !standing.has(address)).collect();
        let first = dead.first()?;
        let message = match dead.len() {
            1 => format!("`{first}` leads to no page of this publication"),
            2 => format!("`{first}` and one more address lead to no page of this publication"),
            many => format!("`{first}` and {} more addresses lead to no page of this publication", many - 1),
        };
        let hint = "what the web server has from elsewhere is not known here";
        Some(Warning::new(message).at(Place::file(&post.file)).hint(hint))
    };
    own.filter_map(warning).collect()
}
