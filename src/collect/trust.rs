//! Posts from elsewhere as collected/ has them, which anybody may have changed since, and which an older version of the
//! sanitiser wrote: they are published as if they had been collected now.

use std::path::Path;

use super::kept::{ENCLOSURES, PICTURES};
use super::sanitise::{Addresses, Context, Sanitiser, Shown, is_asset, is_sanitised};
use crate::model::{Asset, Post};

/// What mends posts.
pub(super) struct Mender<'a> {
    pub(super) sanitiser: &'a Sanitiser,
    /// The address of a post that has none.
    pub(super) base_url: &'a str,
}

impl Mender<'_> {
    /// Takes out of a post what the collector would not have kept; says what that was. It costs a glance where there is
    /// nothing.
    pub(super) fn mend(&self, post: &mut Post) -> Vec<&'static str> {
        let mut told = Vec::new();
        let assets = post.assets.len();
        post.assets.retain(is_in_its_place);
        if post.assets.len() < assets {
            told.push("a file that does not lie in collected/");
        }
        if !is_sanitised(post.body.as_str()) {
            let (html, prefix) = (post.body.as_str().to_owned(), post.slug.clone());
            post.body = self.sanitiser.foreign(&html, Context { prefix: &prefix, title: None }, &mut AsWritten);
            told.push("markup that does not stay");
        }
        if !is_of_the_web(&post.address) {
            self.base_url.clone_into(&mut post.address);
            told.push("an address that is not of the web");
        }
        let before = post.enclosures.len();
        post.enclosures.retain(|file| is_of_the_web(&file.address) || is_asset(&file.address));
        for file in &mut post.enclosures {
            file.kept = file.kept.take().filter(|kept| is_asset(kept));
        }
        let picture = post.picture.take_if(|picture| !is_of_the_web(&picture.src) && !is_asset(&picture.src));
        let credit = post.credit.as_mut().and_then(|credit| credit.url.take_if(|url| !is_of_the_web(url)));
        if post.enclosures.len() < before || picture.is_some() || credit.is_some() {
            told.push("a file, a picture or a source at an address that is not of the web");
        }
        told
    }
}

/// Addresses that were made absolute before.
struct AsWritten;

impl Addresses for AsWritten {
    fn link(&mut self, href: &str) -> Option<String> {
        Some(href.to_owned())
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        (is_asset(src) || is_of_the_web(src)).then(|| Shown { src: src.to_owned(), size: None })
    }
}

fn is_of_the_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Whether a file of a post from elsewhere lies where the collector puts it.
pub(super) fn is_in_its_place(asset: &Asset) -> bool {
    let lies_in = |folder: &str| asset.file == Path::new(folder).join(&asset.name);
    is_asset(&format!("assets/{}", asset.name)) && (lies_in(PICTURES) || lies_in(ENCLOSURES))
}
