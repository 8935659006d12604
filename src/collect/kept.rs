//! Pictures of posts on the web: kept in collected/pictures/ by the hash of their bytes, so that an issue shows them
//! wherever it is made, and whatever becomes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::pictures::{Found, inspect};
use super::tags::{Piece, attribute, pieces};
use crate::model::{Asset, Post, web_fault};

/// More pictures than this of one post are left where they are.
const PER_POST: usize = 24;

/// Where the pictures are, from config.toml.
pub const FOLDER: &str = "collected/pictures";
/// Which address each of them was fetched from: the file of [`FOLDER`] that is a list of [`KeptPicture`].
pub const INDEX: &str = "index.jsonl";

/// A picture that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPicture {
    /// As the post names it.
    pub address: String,
    /// Its file, and what it is.
    pub asset: Asset,
}

/// The pictures that are at hand, by their addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptPictures(BTreeMap<String, Asset>);

impl KeptPictures {
    /// Reads which pictures the publication in `root` has. A line that cannot be read, and one whose file is gone, are
    /// passed over: the post then shows the picture at its address.
    #[must_use]
    pub fn read(root: &Path) -> Self {
        let bytes = std::fs::read(root.join(FOLDER).join(INDEX)).unwrap_or_default();
        let lines = bytes.split(|byte| *byte == b'\n');
        let kept = lines.filter_map(|line| serde_json::from_slice::<KeptPicture>(line).ok());
        let at_hand = kept.filter(|kept| root.join(&kept.asset.file).is_file());
        Self(at_hand.map(|kept| (kept.address, kept.asset)).collect())
    }

    /// The picture of an address.
    #[must_use]
    pub fn get(&self, address: &str) -> Option<&Asset> {
        self.0.get(address)
    }

    /// Takes one in.
    pub fn add(&mut self, kept: KeptPicture) {
        self.0.insert(kept.address, kept.asset);
    }

    /// The addresses of the pictures that a post shows and that are not at hand, in its order.
    #[must_use]
    pub fn wanted(&self, post: &Post) -> Vec<Url> {
        let mut shown: Vec<String> = post.picture.iter().map(|picture| picture.src.clone()).collect();
        pieces(post.body.as_str(), |piece| {
            if let Piece::Start(tag) = piece
                && &*tag.name == "img"
            {
                shown.extend(attribute(tag, "src"));
            }
        });
        let mut once = BTreeSet::new();
        shown
            .iter()
            .filter(|address| self.get(address).is_none() && once.insert(address.as_str()))
            .filter_map(|address| Url::parse(address).ok())
            .filter(|url| web_fault(url).is_none())
            .take(PER_POST)
            .collect()
    }
}

/// What bytes that were fetched are: a picture, as a file of [`FOLDER`], or what else, as the end of "the picture …".
pub fn picture_of(bytes: &[u8]) -> Result<Asset, String> {
    match inspect(bytes, Path::new("")) {
        Found::Picture(asset) => Ok(Asset { file: PathBuf::from(FOLDER).join(&asset.name), ..asset }),
        Found::NotAPicture(what) => Err(what),
        Found::Missing => Err("is empty".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{FOLDER, INDEX, KeptPicture, KeptPictures, picture_of};

    fn svg() -> Vec<u8> {
        b"<svg viewBox='0 0 12 8'/>".to_vec()
    }

    #[test]
    fn what_is_at_hand_is_known_by_its_address() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(FOLDER);
        std::fs::create_dir_all(&folder).unwrap();
        let asset = picture_of(&svg()).unwrap();
        assert_eq!((asset.width, asset.height, asset.media_type.as_str()), (Some(12), Some(8), "image/svg+xml"));
        let line = |address: &str, asset| {
            let kept = KeptPicture { address: address.to_owned(), asset };
            serde_json::to_string(&kept).unwrap() + "\n"
        };
        let gone = crate::model::Asset { file: "collected/pictures/gone.svg".into(), ..asset.clone() };
        let text = line("https://a.example/1", asset.clone()) + &line("https://a.example/2", gone) + "{\"addr";
        std::fs::write(folder.join(INDEX), text).unwrap();
        std::fs::write(folder.join(&asset.name), svg()).unwrap();
        let kept = KeptPictures::read(root.path());
        assert_eq!((kept.get("https://a.example/1"), kept.get("https://a.example/2")), (Some(&asset), None));
        assert_eq!(KeptPictures::read(&folder), KeptPictures::default());
    }

    #[test]
    fn what_is_no_picture_is_told() {
        assert_eq!(picture_of(b"<html>"), Err("is no JPEG, PNG, GIF, WebP or SVG picture".to_owned()));
        let avif = picture_of(b"\0\0\0\x1cftypavif\0\0\0\0").unwrap_err();
        assert!(avif.starts_with("is AVIF"), "{avif}");
    }
}
