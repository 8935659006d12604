//! What the links and pictures of one post mean.

use std::path::Path;

use crate::collect::links::LinkIndex;
use crate::collect::pictures::{Found, Pictures};
use crate::collect::sanitise::{Addresses, Shown};
use crate::error::{Place, Warning};
use crate::model::Asset;

/// The links and pictures of one post; collects the assets that it shows and what there is to say.
pub(super) struct PostAddresses<'a> {
    pub(super) index: &'a LinkIndex,
    pub(super) pictures: &'a Pictures,
    /// The post's folder below the source, and on disk.
    pub(super) folder: &'a str,
    pub(super) directory: &'a Path,
    /// The post's address.
    pub(super) page: &'a str,
    /// Says where in the file a name stands.
    pub(super) locate: &'a dyn Fn(&str) -> Place,
    pub(super) assets: Vec<Asset>,
    pub(super) warnings: Vec<Warning>,
}

impl PostAddresses<'_> {
    /// A picture by its name in the post, with the place where it is named.
    fn shown(&mut self, src: &str, place: &dyn Fn(&str) -> Place) -> Option<Shown> {
        let src = src.trim();
        if let Some(rest) = src.strip_prefix("//") {
            return Some(Shown { src: format!("https://{rest}"), size: None });
        }
        let is_web = src.starts_with("http://") || src.starts_with("https://");
        if !is_web && src.contains(':') && !src.starts_with(['/', '.']) {
            return None;
        }
        let local = if is_web { self.index.below(src) } else { Some(src) };
        let Some(local) = local else { return Some(Shown { src: src.to_owned(), size: None }) };
        match self.pictures.find(local, self.directory) {
            Found::Picture(asset) => {
                let shown = Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) };
                if !self.assets.iter().any(|known| known.name == asset.name) {
                    self.assets.push(asset);
                }
                Some(shown)
            }
            Found::NotAPicture(what) => {
                self.warnings
                    .push(Warning::new(format!("`{src}` {what}; its alternative text stands for it")).at(place(src)));
                None
            }
            Found::Missing if is_web => Some(Shown { src: src.to_owned(), size: None }),
            Found::Missing => {
                self.warnings.push(Warning::new(format!("picture `{src}` is not at hand")).at(place(src)));
                self.index.resolve(src, self.folder, self.page).map(|src| Shown { src, size: None })
            }
        }
    }

    /// A picture named in the front matter.
    pub(super) fn lead(&mut self, src: &str, place: &Place) -> Option<String> {
        self.shown(src, &|_| place.clone())
            .map(|shown| shown.src)
            .filter(|src| src.starts_with("assets/") || src.starts_with("http"))
    }
}

impl Addresses for PostAddresses<'_> {
    fn link(&mut self, href: &str) -> Option<String> {
        self.index.resolve(href, self.folder, self.page)
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        let locate = self.locate;
        self.shown(src, locate)
    }
}
