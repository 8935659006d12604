//! The introduction of an issue: an editor's Markdown, with the pictures, files and links that posts may have.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::Path;

use super::addresses::PostAddresses;
use super::asset_folders;
use crate::collect::blanks;
use crate::collect::body;
use crate::collect::kept::WrittenOut;
use crate::collect::linked::LinkedFiles;
use crate::collect::links::{self, LinkIndex};
use crate::collect::liquid::Expanded;
use crate::collect::pictures::Pictures;
use crate::collect::places::Places;
use crate::collect::sanitise::{Context, Sanitiser};
use crate::config::{Config, Source};
use crate::error::{Place, Warning, line_and_column};
use crate::model::{Asset, Html, Origin, Post};

/// What its ids begin with; two hyphens follow.
const PREFIX: &str = "intro";

/// An introduction, made safe.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The text.
    pub html: Html,
    /// The files that it shows or links to.
    pub assets: Vec<Asset>,
}

/// See [`crate::collect::introduction`].
pub(in crate::collect) fn introduction(
    config: &Config,
    text: &str,
    (begins, directory): (&Place, &Path),
    posts: &[Post],
    written_out: &WrittenOut,
) -> (Introduction, Vec<Warning>) {
    let folders = asset_folders(config);
    let linked = LinkedFiles::new(config, &folders);
    let pictures = Pictures::new(folders);
    let index = index(config, posts);
    let mut expanded = Expanded::unchanged(text);
    expanded.change_and_tell(blanks::bracketed);
    let places = OnceCell::new();
    let locate = |kind, name: &str, nth| {
        let places = places.get_or_init(|| Places::of_markdown(&expanded.text, false));
        let found = places.find(kind, name, nth).map(|offset| expanded.origins.of(offset));
        found.map_or_else(|| begins.clone(), |offset| within(begins, text, offset))
    };
    let mut addresses = PostAddresses {
        index: &index,
        pictures: &pictures,
        linked: &linked,
        written_out,
        folder: "",
        directory,
        page: &config.publication.base_url,
        locate: &locate,
        met: HashMap::new(),
        assets: Vec::new(),
        warnings: Vec::new(),
        unanswered: None,
        dead: None,
    };
    let written = body::to_html(&expanded.text, false);
    let html = Sanitiser::new().foreign(&written.html, Context { prefix: PREFIX, title: None }, &mut addresses);
    let PostAddresses { assets, mut warnings, unanswered, dead, .. } = addresses;
    let told = expanded.reports.iter();
    warnings.extend(told.map(|(offset, report)| Warning::new(report.clone()).at(within(begins, text, *offset))));
    warnings.extend(unanswered.map(|(href, place, count)| Warning::new(links::unanswered(&href, count)).at(place)));
    warnings.extend(dead.map(|(href, place, count)| Warning::new(links::dead(&href, count)).at(place)));
    (Introduction { html, assets }, warnings)
}

/// The place of an offset in a text that begins at another place; the whole file where that is not known.
fn within(begins: &Place, text: &str, offset: usize) -> Place {
    let (Some(first), Some(before)) = (begins.line, begins.column) else { return begins.clone() };
    let (line, column) = line_and_column(text, offset);
    Place::at(&begins.file, first + line - 1, if line == 1 { before + column - 1 } else { column })
}

/// Our own posts, by their files as they lie in the publication or in the folder of a source, and by their addresses.
pub(super) fn index(config: &Config, posts: &[Post]) -> LinkIndex {
    let mut index = LinkIndex::new(vec![config.publication.base_url.clone()]);
    for post in posts.iter().filter(|post| post.origin == Origin::Own) {
        index.add(&slashed(&post.file), &[], &post.address, post.prefix());
        let source = config.sources.iter().find(|source| source.name == post.source).and_then(Source::folder);
        if let Some(below) = source.and_then(|folder| post.file.strip_prefix(folder).ok()) {
            index.add(&slashed(below), &[], &post.address, post.prefix());
        }
        index.add_address(&post.address, post.prefix());
    }
    index
}

pub(super) fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
