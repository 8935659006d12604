//! Where links to posts of the publication lead in an output, when it is not to the page of the post.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Article, Html, Issue, page_of_link};

/// Where a link leads instead of to the address that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lands {
    /// To this fragment of the same document, without `#`.
    Here(String),
    /// To nothing that there is: its words stay, without a link.
    Nowhere,
}

/// The addresses of posts that do not stand for their pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing<'a> {
    /// What every one of these addresses begins with.
    base_url: &'a str,
    /// The articles of the same document, their anchors and texts, by the addresses of their posts.
    here: BTreeMap<&'a str, (&'a str, &'a Html)>,
    nowhere: &'a BTreeSet<String>,
}

impl<'a> Landing<'a> {
    /// For a document of one issue: links to those of its articles of which `is_here` leads to them there, those to
    /// posts that stand nowhere lead nowhere.
    #[must_use]
    pub fn within(issue: &'a Issue, is_here: impl Fn(&Article) -> bool) -> Self {
        let articles = issue.articles().filter(|article| is_here(article));
        let here =
            articles.map(|article| (article.post.address.as_str(), (article.anchor.as_str(), &article.post.body)));
        Self { base_url: &issue.publication.base_url, here: here.collect(), nowhere: &issue.nowhere }
    }

    /// For pages on the web under `base_url`, where nothing stands at the addresses of `nowhere`.
    #[must_use]
    pub fn on_the_web(base_url: &'a str, nowhere: &'a BTreeSet<String>) -> Self {
        Self { base_url, here: BTreeMap::new(), nowhere }
    }

    /// The same on the page of an issue that holds these articles: links to them lead to them there.
    #[must_use]
    pub fn with_articles(mut self, articles: impl IntoIterator<Item = &'a Article>) -> Self {
        let here =
            articles.into_iter().map(|article| (article.post.address.as_str(), (&*article.anchor, &article.post.body)));
        self.here.extend(here);
        self
    }

    /// Whether nothing stands at the address of a post.
    #[must_use]
    pub fn is_nowhere(&self, address: &str) -> bool {
        self.nowhere.contains(address)
    }

    /// Whether some link of this markup may lead to another place than it says.
    #[must_use]
    pub fn concerns(&self, html: &str) -> bool {
        !(self.here.is_empty() && self.nowhere.is_empty()) && html.contains(self.base_url)
    }

    /// Where a link leads, as markup writes its address; `None` where it leads to what it says.
    #[must_use]
    pub fn of(&self, href: &str) -> Option<Lands> {
        if !href.starts_with(self.base_url) {
            return None;
        }
        let href = if href.contains('&') { Cow::Owned(href.replace("&amp;", "&")) } else { Cow::Borrowed(href) };
        let fragment = href.split_once('#').map_or("", |(_, fragment)| fragment);
        let address = page_of_link(&href);
        if let Some((anchor, body)) = self.here.get(&*address) {
            let is_there = !fragment.is_empty() && body.as_str().contains(&format!(" id=\"{fragment}\""));
            return Some(Lands::Here(if is_there { format!("{anchor}-{fragment}") } else { (*anchor).to_owned() }));
        }
        self.nowhere.contains(&*address).then_some(Lands::Nowhere)
    }
}
