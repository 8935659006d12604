//! What is made of one issue: its PDF and its digest. What went out once is copied from released/, not made again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use super::session::Session;
use super::shelf::Shelf;
use super::stock::located;
use crate::collect::position;
use crate::config::Config;
use crate::deliver::{Extras, Mailing, Sender};
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::{Digest, Issue, IssueKey, List, Origin, Post};
use crate::render::{email, pdf};
use crate::templates::Templates;
use crate::typeset::Resources;
use crate::typeset::fonts::Fonts;

/// The digest as it is handed over, with places for each reader's name and links.
const DIGEST: &str = "digest.json";
/// Where the pictures of an issue stand in its document.
const ASSETS: &str = "assets/";

/// The files made of one issue, by name: the PDF, and the digest in its forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Artefacts {
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

impl Artefacts {
    /// "newsletter-3.pdf"
    pub(super) fn pdf_name(issue: &Issue) -> String {
        format!("{}-{}.pdf", issue.key.series, issue.key.ordinal)
    }

    /// "newsletter-3.eml"
    fn eml_name(issue: &Issue) -> String {
        format!("{}-{}.eml", issue.key.series, issue.key.ordinal)
    }

    /// The digest of a revision, where there is one: a back issue brought in has none.
    pub(super) fn digest(&self, key: &IssueKey, revision: u32) -> Result<Option<Digest>> {
        let Some(text) = self.files.get(DIGEST) else { return Ok(None) };
        serde_json::from_slice(text).map(Some).map_err(|cause| {
            Error::new(ErrorKind::State, format!("the digest of {key}, revision {revision}, cannot be read: {cause}"))
                .at(Place::file(Shelf::shown_release(key, revision).join(DIGEST)))
                .hint("bring it back from a backup")
        })
    }

    /// The same of an issue of which these were made.
    pub(super) fn digest_of(&self, issue: &Issue) -> Result<Option<Digest>> {
        self.digest(&issue.key, issue.frozen.as_ref().map_or(0, |frozen| frozen.revision))
    }

    /// The digest as it is kept, which holds all that readers get of it; none where there is none.
    pub(super) fn text_of_digest(&self) -> Option<&str> {
        str::from_utf8(self.files.get(DIGEST)?).ok()
    }

    /// What stands under public/: everything but the digest with its open places.
    pub(super) fn public(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.files.iter().filter(|(name, _)| *name != DIGEST)
    }
}

/// Makes what is made of issues.
pub(super) struct Workshop<'a> {
    config: &'a Config,
    shelf: &'a Shelf,
    templates: &'a Templates,
    fonts: OnceLock<Fonts>,
}

/// An issue with its series' lists, by which the archive copy of its digest is addressed.
pub(super) struct Order<'a> {
    pub(super) issue: &'a Issue,
    pub(super) list: Option<&'a List>,
}

/// The pictures of an issue: the copies beside a frozen one, the files themselves for a draft.
struct IssueFiles<'a> {
    shelf: &'a Shelf,
    issue: &'a Issue,
    sources: BTreeMap<&'a str, PathBuf>,
    /// The addresses on other sites that were asked for. Nothing is fetched for a PDF.
    elsewhere: Mutex<Elsewhere>,
}

/// Addresses, and the one that came first.
#[derive(Default)]
struct Elsewhere {
    first: Option<String>,
    all: BTreeSet<String>,
}

impl Resources for IssueFiles<'_> {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        let Some(name) = url.strip_prefix(ASSETS) else {
            // What the publication should have itself was told when its posts were collected.
            if !url.starts_with(&self.issue.publication.base_url) {
                let mut elsewhere = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
                elsewhere.first.get_or_insert_with(|| url.to_owned());
                elsewhere.all.insert(url.to_owned());
            }
            return None;
        };
        if name.contains(['/', '\\']) {
            return None;
        }
        let path = match (&self.issue.frozen, self.sources.get(name)) {
            (None, Some(source)) => source.clone(),
            _ => self.shelf.asset(&self.issue.key, name),
        };
        std::fs::read(path).ok().map(|bytes| position::published(bytes).into())
    }

    fn is_out_of_reach(&self, url: &str) -> bool {
        !url.starts_with(ASSETS)
    }
}

impl IssueFiles<'_> {
    /// One warning for all pictures on other sites, with the post that has the first.
    fn told_elsewhere(&self) -> Option<Warning> {
        let elsewhere = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        let count = elsewhere.all.len();
        let message = match count {
            0 => return None,
            1 => "a picture on another site is not in the PDF; its description is".to_owned(),
            _ => format!("{count} pictures on other sites are not in the PDF; their descriptions are"),
        };
        let begins = if count == 1 { "it is" } else { "the first is" };
        let post = elsewhere.first.as_deref().and_then(|url| self.post_with(url));
        let place = post.map(|post| match post.origin {
            Origin::Own => format!("; {begins} in `{}`", post.file.display()),
            Origin::Elsewhere => format!("; {begins} in `{}` from the source `{}`", post.title, post.source),
        });
        let message = message + place.as_deref().unwrap_or_default();
        Some(Warning::new(message).hint("pictures in the posts' folder or under `assets` are printed"))
    }

    /// The first post that shows the picture of an address.
    fn post_with(&self, url: &str) -> Option<&Post> {
        let src = format!("src=\"{}\"", url.replace('&', "&amp;"));
        let mut posts = self.issue.articles().map(|article| &article.post);
        posts.find(|post| post.body.as_str().contains(&src) || post.picture.iter().any(|picture| picture.src == url))
    }
}

impl<'a> Workshop<'a> {
    /// A workshop with these templates.
    pub(super) fn new(config: &'a Config, shelf: &'a Shelf, templates: &'a Templates) -> Self {
        Self { config, shelf, templates, fonts: OnceLock::new() }
    }

    /// What is made of each issue, in the order of `orders`: taken from released/ where it went out already.
    pub(super) fn make(&self, session: &mut Session, orders: &[Order<'_>]) -> Result<Vec<Artefacts>> {
        let mut kept = Vec::with_capacity(orders.len());
        for order in orders {
            // Of what was taken back nothing is made, and nothing is copied.
            let revision = order.issue.frozen.as_ref().filter(|_| order.issue.withdrawn().is_none());
            let revision = revision.map(|frozen| frozen.revision);
            kept.push(match revision {
                Some(revision) => self.shelf.released(&order.issue.key, revision, &mut session.warnings)?,
                None => None,
            });
        }
        if kept.iter().zip(orders).any(|(kept, order)| !is_whole(kept.as_ref(), order.issue)) {
            let fonts = session.fonts(self.config.system_fonts);
            let _ = self.fonts.set(fonts);
            session.progress("typesetting");
        }
        let made: Vec<Result<Warned<Artefacts>>> =
            orders.par_iter().zip(&kept).map(|(order, kept)| self.one(order, kept.as_ref())).collect();
        made.into_iter().map(|made| made.map(|warned| session.heed(warned))).collect()
    }

    fn one(&self, order: &Order<'_>, kept: Option<&BTreeMap<String, Vec<u8>>>) -> Result<Warned<Artefacts>> {
        let mut warnings = Vec::new();
        let mut files =
            if is_whole(kept, order.issue) { BTreeMap::new() } else { self.fresh(order)?.drain(&mut warnings) };
        files.extend(kept.cloned().unwrap_or_default());
        Ok(Warned::new(Artefacts { files }, warnings))
    }

    /// Renders everything from the issue.
    fn fresh(&self, order: &Order<'_>) -> Result<Warned<BTreeMap<String, Vec<u8>>>> {
        let issue = order.issue;
        let mut warnings = Vec::new();
        let mut files = BTreeMap::new();
        if let Some(imported) = &issue.imported_pdf {
            let path = self.shelf.asset(&issue.key, imported);
            let bytes = std::fs::read(&path).map_err(|cause| Error::io("read the back issue", &path, &cause))?;
            files.insert(Artefacts::pdf_name(issue), bytes);
            return Ok(Warned::clean(files));
        }
        let (sources, elsewhere) = (self.sources(issue), Mutex::default());
        let resources = IssueFiles { shelf: self.shelf, issue, sources, elsewhere };
        let fonts = self.fonts.get_or_init(Fonts::builtin);
        let (pdf, digest) = rayon::join(
            || pdf::pdf(issue, self.templates, &resources, fonts),
            || -> Result<_> {
                let Warned { value: digest, warnings } = email::digest(issue, self.templates)?;
                Ok(Warned::new(self.digest_files(order, &digest)?, warnings))
            },
        );
        files.insert(Artefacts::pdf_name(issue), pdf?.drain(&mut warnings));
        warnings.extend(resources.told_elsewhere());
        files.extend(digest?.drain(&mut warnings));
        let name = |warning: Warning| match warning.place {
            Some(_) => warning,
            None => Warning {
                message: format!("{} {}: {}", issue.series.title, issue.number.label, warning.message),
                ..warning
            },
        };
        Ok(Warned::new(files, warnings.into_iter().map(name).collect()))
    }

    fn digest_files(&self, order: &Order<'_>, digest: &Digest) -> Result<BTreeMap<String, Vec<u8>>> {
        let mail = self.config.mail_of(&order.issue.key.series);
        let json = serde_json::to_vec_pretty(digest)
            .map_err(|cause| Error::new(ErrorKind::State, format!("the digest cannot be kept: {cause}")))?;
        let mut files: BTreeMap<String, Vec<u8>> = [(DIGEST.to_owned(), json)].into_iter().collect();
        let title = order.list.map_or(order.issue.series.title.as_str(), |list| list.title_in(&digest.language));
        files.extend(email::pages(digest, "", title).map(|page| (page.path, page.bytes.into())));
        if mail.from.is_some() {
            let sender = Sender::new(&mail, &self.config.lists)?;
            let list = order.list.map_or("", |list| list.key.as_str());
            files.insert(
                Artefacts::eml_name(order.issue),
                Mailing::new(digest, &sender, Extras::default())?.archive_copy(list)?,
            );
        }
        Ok(files)
    }

    fn sources<'i>(&self, issue: &'i Issue) -> BTreeMap<&'i str, PathBuf> {
        issue.files().map(|asset| (asset.name.as_str(), located(&self.config.root, &asset.file))).collect()
    }
}

/// Whether everything that is made of an issue is at hand already. Of a withdrawn one that is nothing.
fn is_whole(kept: Option<&BTreeMap<String, Vec<u8>>>, issue: &Issue) -> bool {
    issue.withdrawn().is_some()
        || kept.is_some_and(|kept| {
            kept.contains_key(&Artefacts::pdf_name(issue))
                && (issue.imported_pdf.is_some() || kept.contains_key(DIGEST))
        })
}
