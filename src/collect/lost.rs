//! Pictures that could not be had: no output shows a broken one.

use super::kept::KeptFiles;
use super::sanitise::{Lost, in_words, is_asset, is_on_the_web};
use crate::model::{Origin, Post};

/// Puts the words of pictures that were asked for in vain, or whose files are gone, in their places, with links to where
/// they are. What is kept of the posts stays as it is: such a picture may come later.
pub fn tell_lost(posts: &mut [Post], files: &KeptFiles) {
    for post in posts.iter_mut().filter(|post| post.origin == Origin::Elsewhere) {
        let assets = &post.assets;
        let is_gone = |src: &str| is_asset(src) && !assets.iter().any(|asset| src.ends_with(&asset.name));
        let mut lost = |src: &str| {
            let in_vain = is_on_the_web(src) && files.is_lost(src);
            (in_vain || is_gone(src)).then(|| Lost { link: in_vain.then(|| src.to_owned()) })
        };
        if let Some(picture) = &mut post.picture
            && let Some(found) = lost(&picture.src)
        {
            picture.lost = true;
            picture.src = found.link.unwrap_or_default();
        }
        if post.body.as_str().contains("<img")
            && let Some(body) = in_words(&post.body, &mut lost)
        {
            post.body = body;
        }
    }
}
