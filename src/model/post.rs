//! Posts: pieces of writing with a stable id, a date and a language.

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize, Serializer};

use super::{Enclosure, FirstPlace, Html, Language, Particulars, sha256_hex};

/// What a post is known by, for ever: a tag URI (RFC 4151) of our own, or the id it brought with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(pub String);

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose post it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The publication's own: it has a page under public/.
    Own,
    /// From a feed: it links to its own address.
    Elsewhere,
}

/// A file that a post shows or links to, kept under the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asset {
    /// `<first 16 hex digits of the SHA-256>.<extension>`, or, of a file that is linked to, `<those digits>/<its own name>`;
    /// markup refers to it as `assets/<name>`, see [`asset_address`].
    pub name: String,
    /// The whole SHA-256 in hex.
    pub sha256: String,
    /// Where the bytes are now.
    #[serde(serialize_with = "displayed")]
    pub file: PathBuf,
    /// As in "image/png".
    pub media_type: String,
    /// In bytes.
    pub length: u64,
    /// In pixels, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// In pixels, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// How markup refers to the asset of this name: `assets/<name>`, in the letters of an address.
#[must_use]
pub fn asset_address(name: &str) -> String {
    format!("assets/{}", utf8_percent_encode(name, CONTROLS))
}

/// A picture that leads a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// `assets/<name>` or an absolute URL.
    pub src: String,
    /// Alternative text; empty when the author gave none.
    #[serde(default)]
    pub alt: String,
    /// The caption, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Whether it could not be had: its words stand for it, with a link to `src`, which may be empty.
    #[serde(default, skip_serializing_if = "is_not")]
    pub lost: bool,
}

/// Where a piece came from, for the source line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// "The National Archive".
    pub name: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// One piece of writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Known by this for ever.
    pub id: PostId,
    /// The name of the source it came from.
    pub source: String,
    /// Ours, or from elsewhere.
    pub origin: Origin,
    /// The file it was read from, relative to config.toml where it is below it.
    #[serde(serialize_with = "displayed")]
    pub file: PathBuf,
    /// Its name in addresses; unique among our own posts of a language.
    pub slug: String,
    /// Its absolute address: under `base_url` for our own, its own for one from elsewhere.
    pub address: String,
    /// Absolute addresses at which readers may look for it beside: those that it had before, and those that its author names.
    /// Of today alone: nothing that is frozen holds them.
    #[serde(skip)]
    pub aliases: Vec<String>,
    /// What the ids in its text begin with, where that is not its slug: the slug that it had when links to them were first made.
    /// Of today alone.
    #[serde(skip)]
    pub first_slug: Option<String>,
    /// Where it stood when feeds first had it, if its ids are made of that and not of where it stands. Nothing that is frozen
    /// holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_place: Option<FirstPlace>,
    /// What it is written in.
    pub language: Language,
    /// As text.
    pub title: String,
    /// What the post itself says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<DateTime<Utc>>,
    /// When it was first collected; dates an undated post.
    pub first_seen: DateTime<Utc>,
    /// When it was last changed, where the post says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateTime<Utc>>,
    /// Not to be published.
    #[serde(default)]
    pub draft: bool,
    /// What keeps it back, where it is not to be published: "`draft: true`", "`status: private`".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
    /// On the web whichever series take it: its own `public: true`.
    #[serde(default, skip_serializing_if = "is_not")]
    pub public: bool,
    /// Bylines.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Free words.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Categories, most general first.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The section it belongs to: its own `section`, its source's, or its first category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// A sentence or two, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The picture that leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// The text, with absolute links and pictures as `assets/<name>` or absolute URLs.
    pub body: Html,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Sounds, films and documents that come with it, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Enclosure>,
    /// What its feed says of it beside.
    #[serde(default, skip_serializing_if = "Particulars::is_empty")]
    pub particulars: Particulars,
    /// The files that `body`, `picture` and `enclosures` name.
    #[serde(default)]
    pub assets: Vec<Asset>,
}

/// Whether a mark is not set; most posts do without.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
pub(super) fn is_not(mark: &bool) -> bool {
    !mark
}

impl Post {
    /// What the ids in its text begin with; two hyphens follow.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.first_slug.as_deref().unwrap_or(&self.slug)
    }

    /// Every address at which it is to be found: its own first, then those that it had before and those that its author names.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.address).chain(&self.aliases).map(String::as_str)
    }

    /// Whether the post is from elsewhere and has a page of ours alone.
    #[must_use]
    pub fn has_page_of_ours(&self) -> bool {
        let name = || self.id.page_name();
        self.origin == Origin::Elsewhere && self.address.ends_with(&format!("/posts/{}/", name()))
    }

    /// Where it stands, whatever pages we make of it: its address, or the site of what has no page there. Ids are told apart by
    /// it, because the address of a page of ours moves with ours.
    #[must_use]
    pub fn place(&self) -> &str {
        if self.particulars.site.is_empty() { &self.address } else { &self.particulars.site }
    }

    /// Where it stood when feeds first had it: what ids are made of.
    #[must_use]
    pub fn id_place(&self) -> FirstPlace {
        self.first_place.clone().unwrap_or_else(|| FirstPlace::of_known(self.place()))
    }

    /// Keeps where it stood first, as an earlier run collected it.
    pub fn keep_first_place(&mut self, earlier: &Self) {
        let has_moved = earlier.first_place.is_some() || earlier.place() != self.place();
        self.first_place = has_moved.then(|| earlier.id_place());
    }

    /// Gives it another id, and with it another page, if that is one of ours alone.
    pub fn rename(&mut self, id: PostId) {
        if self.has_page_of_ours() {
            self.address = self.address.replace(&self.id.page_name(), &id.page_name());
        }
        self.id = id;
    }

    /// The date that decides its window: what it says, else when it was first seen. A post from elsewhere cannot be
    /// later than when it was seen.
    #[must_use]
    pub fn date(&self) -> DateTime<Utc> {
        match (self.published, self.origin) {
            (Some(published), Origin::Elsewhere) => published.min(self.first_seen),
            (Some(published), Origin::Own) => published,
            (None, _) => self.first_seen,
        }
    }
}

impl PostId {
    /// The name in addresses of the page of ours that a post from elsewhere has which has none there. What a feed says is no part
    /// of it, so that no post can take the page of another.
    #[must_use]
    pub fn page_name(&self) -> String {
        sha256_hex(self.0.as_bytes())[..12].to_owned()
    }
}

/// A path as text. Once an issue is frozen a path only tells where something came from, so a name that is not UTF-8 need
/// not come back exactly.
fn displayed<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}
