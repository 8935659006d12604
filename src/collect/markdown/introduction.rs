//! The introduction of an issue: an editor's Markdown, with the pictures, files and links that posts may have.

use std::collections::HashMap;
use std::path::Path;

use super::addresses::PostAddresses;
use super::asset_folders;
use crate::collect::body;
use crate::collect::kept::WrittenOut;
use crate::collect::linked::LinkedFiles;
use crate::collect::links::{self, LinkIndex};
use crate::collect::pictures::Pictures;
use crate::collect::sanitise::{Context, Sanitiser};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
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
    (file, directory): (&Path, &Path),
    posts: &[Post],
    written_out: &WrittenOut,
) -> (Introduction, Vec<Warning>) {
    let folders = asset_folders(config);
    let linked = LinkedFiles::new(config, &folders);
    let pictures = Pictures::new(folders);
    let index = index(config, posts);
    let locate = |_, _: &str, _| Place::file(file);
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
    let written = body::to_html(text, false);
    let html = Sanitiser::new().foreign(&written.html, Context { prefix: PREFIX, title: None }, &mut addresses);
    let PostAddresses { assets, mut warnings, unanswered, dead, .. } = addresses;
    warnings.extend(unanswered.map(|(href, place, count)| Warning::new(links::unanswered(&href, count)).at(place)));
    warnings.extend(dead.map(|(href, place, count)| Warning::new(links::dead(&href, count)).at(place)));
    (Introduction { html, assets }, warnings)
}

/// Our own posts, by their files as they lie in the publication or in the folder of a source, and by their addresses.
pub(super) fn index(config: &Config, posts: &[Post]) -> LinkIndex {
    let mut index = LinkIndex::new(vec![config.publication.base_url.clone()]);
    for post in posts.iter().filter(|post| post.origin == Origin::Own) {
        index.add(&slashed(&post.file), &[], &post.address, &post.slug);
        let source = config.sources.iter().find(|source| source.name == post.source).and_then(Source::folder);
        if let Some(below) = source.and_then(|folder| post.file.strip_prefix(folder).ok()) {
            index.add(&slashed(below), &[], &post.address, &post.slug);
        }
        index.add_address(&post.address, &post.slug);
    }
    index
}

pub(super) fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
