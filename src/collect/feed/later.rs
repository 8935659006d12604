//! Posts that were kept before some of their files were at hand.

use crate::collect::kept::KeptFiles;
use crate::collect::sanitise::{Shown, reshow};
use crate::model::{Asset, Post};

/// Shows in a post what came later, of its enclosures where its source `keeps` them. Says whether anything did.
pub(super) fn complete(post: &mut Post, files: &KeptFiles, keeps: bool) -> bool {
    let mut found: Vec<Asset> = Vec::new();
    if post.body.as_str().contains("<img src=\"http") {
        let mut shown = |src: &str| {
            let asset = files.picture(src)?;
            found.push(asset.clone());
            Some(Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) })
        };
        if let Some(body) = reshow(&post.body, &mut shown) {
            post.body = body;
        }
    }
    if let Some(picture) = &mut post.picture
        && let Some(asset) = files.picture(&picture.src)
    {
        found.push(asset.clone());
        picture.src = format!("assets/{}", asset.name);
    }
    for file in post.enclosures.iter_mut().filter(|file| keeps && file.kept.is_none()) {
        if let Some(asset) = files.enclosure(&file.address) {
            found.push(asset.clone());
            file.keep(asset);
        }
    }
    let is_changed = !found.is_empty();
    for asset in found {
        if !post.assets.contains(&asset) {
            post.assets.push(asset);
        }
    }
    is_changed
}
