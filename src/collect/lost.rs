//! Pictures that could not be had: no output shows a broken one.

use url::Url;

use super::fetch::is_shareable;
use super::kept::KeptFiles;
use super::sanitise::{Lost, called, in_words, is_asset, is_on_the_web};
use crate::config::Fetch;
use crate::model::{Origin, Post};

/// Puts the words of pictures that were asked for in vain, or whose files are gone, in their places, with links to where
/// they are; and, without a link, those of pictures at addresses that are no reader's business: each browser would ask its
/// own machine or network for them, or be told a password. What is kept of the posts stays as it is: such a picture may come
/// later.
pub fn tell_lost(posts: &mut [Post], files: &KeptFiles, fetch: &Fetch) {
    for post in posts.iter_mut().filter(|post| post.origin == Origin::Elsewhere) {
        let assets = &post.assets;
        let is_gone = |src: &str| is_asset(src) && !assets.iter().any(|asset| src.ends_with(&asset.name));
        let mut lost = |src: &str| {
            if is_hidden(src, fetch) {
                return Some(Lost { link: None });
            }
            let in_vain = fetch.pictures && is_on_the_web(src) && files.is_lost(src);
            let is_gone = fetch.pictures && is_gone(src);
            (in_vain || is_gone).then(|| Lost { link: in_vain.then(|| src.to_owned()) })
        };
        let mut is_told_twice = false;
        if let Some(picture) = &mut post.picture
            && let Some(found) = lost(&picture.src)
        {
            let is_in_text = || post.body.as_str().contains(&format!("src=\"{}\"", picture.src.replace('&', "&amp;")));
            is_told_twice = found.link.is_none() && is_in_text();
            if picture.alt.is_empty() && found.link.is_none() {
                picture.alt = called(&picture.src);
            }
            picture.lost = true;
            picture.src = found.link.unwrap_or_default();
        }
        if is_told_twice {
            post.picture = None;
        }
        if post.body.as_str().contains("<img")
            && let Some(body) = in_words(&post.body, &mut lost)
        {
            post.body = body;
        }
    }
}

/// Whether the picture of an address is not for readers.
fn is_hidden(src: &str, fetch: &Fetch) -> bool {
    is_on_the_web(src) && Url::parse(src).is_ok_and(|url| !is_shareable(&url, &fetch.allow_private))
}
