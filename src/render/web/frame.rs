//! The frame around every page: head, menu, foot.

use serde::Serialize;

use crate::model::{Language, Post};
use crate::render::Site;
use crate::templates::markup::{ASSETS, fit_source};
use crate::templates::views::{LinkView, PublicationView, autonym};

/// What all pages of one language have in common.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Frame<'a> {
    pub(super) publication: PublicationView<'a>,
    #[serde(skip)]
    pub(super) language: Language,
    /// The path of the front page.
    pub(super) home: String,
    /// The series of this language that have issues.
    pub(super) series: Vec<LinkView>,
    /// Sections, authors, tags: those that there are.
    pub(super) menu: Vec<LinkView>,
    /// The front pages of the other languages.
    pub(super) languages: Vec<LanguageLink>,
    /// The address of the page on which readers subscribe, where there is one.
    pub(super) subscribe: Option<String>,
}

/// A link to a page in another language.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LanguageLink {
    pub(super) lang: String,
    pub(super) dir: &'static str,
    /// What the language calls itself.
    pub(super) title: String,
    pub(super) path: String,
}

/// `hreflang` and an absolute address.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Alternate {
    pub(super) lang: String,
    pub(super) address: String,
}

/// What is shown of a page where somebody links to it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Preview {
    /// Its own title, without the publication's.
    pub(super) title: String,
    /// The absolute address of a picture.
    pub(super) image: Option<String>,
}

impl Preview {
    /// Of a page called `title` that shows these posts: with the first picture that leads one of them.
    pub(super) fn new<'p>(title: &str, posts: impl IntoIterator<Item = &'p Post>, base_url: &str) -> Self {
        let assets = format!("{base_url}{ASSETS}");
        let pictures = posts.into_iter().filter_map(|post| post.picture.as_ref()).filter(|picture| !picture.lost);
        let mut addresses = pictures.map(|picture| fit_source(&picture.src, &assets));
        Self { title: title.to_owned(), image: addresses.find(|address| address.starts_with("http")) }
    }
}

/// The feeds that a page leads to: RSS, Atom and JSON Feed in one folder.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Feeds {
    pub(super) title: String,
    pub(super) path: String,
}

/// A page: its frame and its own content.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Page<'a, C> {
    pub(super) lang: &'a str,
    pub(super) dir: &'static str,
    pub(super) frame: &'a Frame<'a>,
    /// From this page up to public/: "../../".
    pub(super) root: String,
    /// The document's title, the publication's included.
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) canonical: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub(super) noindex: bool,
    pub(super) alternates: Vec<Alternate>,
    pub(super) feeds: Option<Feeds>,
    pub(super) preview: Option<Preview>,
    /// Whether it is a front page, whose top is the nameplate.
    pub(super) front: bool,
    /// Whether its content begins with a masthead of its own.
    pub(super) nameplate: bool,
    pub(super) content: C,
}

impl<'a, C> Page<'a, C> {
    /// The page at `path` below public/ (a folder with a slash at the end, or a file), called `title`.
    pub(super) fn new(frame: &'a Frame<'a>, path: &str, title: &str, base_url: &str, content: C) -> Self {
        let publication = frame.publication.title;
        Self {
            lang: frame.language.as_str(),
            dir: frame.language.direction().as_str(),
            frame,
            root: root(path),
            title: if title.is_empty() { publication.to_owned() } else { format!("{title} \u{b7} {publication}") },
            description: None,
            canonical: Some(format!("{base_url}{path}")),
            noindex: false,
            alternates: Vec::new(),
            feeds: None,
            preview: None,
            front: false,
            nameplate: false,
            content,
        }
    }
}

/// From the folder at `path` up to public/.
pub(super) fn root(path: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    if up.is_empty() { "./".to_owned() } else { up }
}

/// The front pages of the languages other than `language`.
pub(super) fn languages(site: &Site<'_>, language: &Language) -> Vec<LanguageLink> {
    let others = site.editions.iter().filter(|edition| edition.language != *language);
    others.map(|edition| language_link(&edition.language, site.prefix(&edition.language))).collect()
}

/// A link to `path` in `language`.
pub(super) fn language_link(language: &Language, path: String) -> LanguageLink {
    LanguageLink {
        lang: language.as_str().to_owned(),
        dir: language.direction().as_str(),
        title: autonym(language),
        path,
    }
}
