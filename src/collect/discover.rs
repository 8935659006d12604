//! The feeds of a web page.

use std::collections::BTreeSet;

use url::Url;

use super::fetch::Link;
use super::tags::{Piece, attribute, pieces};
use crate::model::web_fault;

/// Addresses at which sites have their feeds, from the root of the site or the folder of the page.
const COMMON: [&str; 8] = ["feed", "feed.xml", "atom.xml", "rss.xml", "index.xml", "rss", "feed.json", "feed/"];
/// More links than this of one page are not tried.
const LINKS: usize = 10;

/// Where a feed may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its address.
    pub url: Url,
    /// What the page calls it.
    pub title: String,
    /// Why it may be one.
    pub clue: Clue,
}

/// Why an address may be that of a feed, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    /// The page or its answer's header says so: `<link rel="alternate" type="application/atom+xml">`.
    Alternate,
    /// The same, of comments.
    Comments,
    /// A link that looks like one.
    Link,
    /// Sites often have one there.
    Common,
}

/// The addresses at which a page's feeds may be, the surest first, each once. `page` is the page's own address, `links`
/// are those of its answer's header.
#[must_use]
pub fn candidates(html: &str, links: &[Link], page: &Url) -> Vec<Candidate> {
    let mut found = Found { base: page.clone(), candidates: Vec::new(), link: None };
    for link in links {
        found.alternate(&link.relations, &link.media_type, Some(&link.target), &link.title);
    }
    pieces(html, |piece| found.take(&piece));
    let mut candidates = found.candidates;
    candidates.sort_by_key(|candidate| candidate.clue);
    let mut seen = BTreeSet::from([page.clone()]);
    candidates.retain(|candidate| seen.insert(candidate.url.clone()));
    candidates.truncate(LINKS);
    let folder = page.join(".").ok();
    let root = page.join("/").ok();
    let places = [folder.filter(|folder| Some(folder) != root.as_ref()), root];
    for place in places.into_iter().flatten() {
        let common = COMMON.iter().filter_map(|path| place.join(path).ok());
        candidates.extend(common.map(|url| Candidate { url, title: String::new(), clue: Clue::Common }));
    }
    let mut seen = BTreeSet::from([page.clone()]);
    candidates.retain(|candidate| seen.insert(candidate.url.clone()));
    candidates
}

/// The address to which a page sends its readers on: `<meta http-equiv="refresh" content="0; url=…">`.
#[must_use]
pub fn refresh(html: &str, page: &Url) -> Option<Url> {
    let mut found = None;
    pieces(html, |piece| {
        let Piece::Start(tag) = piece else { return };
        let says = attribute(tag, "http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"));
        if found.is_some() || &*tag.name != "meta" || !says {
            return;
        }
        let content = attribute(tag, "content").unwrap_or_default();
        let address = content.split_once([';', ',']).and_then(|(_, rest)| {
            let (name, address) = rest.trim().split_once('=')?;
            name.trim().eq_ignore_ascii_case("url").then(|| address.trim().trim_matches(['"', '\'']).to_owned())
        });
        found = address.and_then(|address| page.join(&address).ok()).filter(|url| web_fault(url).is_none());
    });
    found.filter(|url| url != page)
}

struct Found {
    /// Relative addresses start here.
    base: Url,
    candidates: Vec<Candidate>,
    /// The link that is being read.
    link: Option<(Url, String)>,
}

impl Found {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Start(tag) => match &*tag.name {
                "base" => {
                    if let Some(base) = attribute(tag, "href").and_then(|href| self.base.join(&href).ok()) {
                        self.base = base;
                    }
                }
                "link" => self.alternate_of(tag),
                "a" => {
                    self.end_link();
                    self.alternate_of(tag);
                    self.link =
                        attribute(tag, "href").and_then(|href| self.address(&href)).map(|url| (url, String::new()));
                }
                _ => {}
            },
            Piece::Text(text) => {
                if let Some((_, words)) = &mut self.link {
                    words.push_str(text);
                }
            }
            Piece::End("a") => self.end_link(),
            Piece::End(_) => {}
        }
    }

    fn address(&self, href: &str) -> Option<Url> {
        let mut url = self.base.join(href).ok().filter(|url| web_fault(url).is_none())?;
        url.set_fragment(None);
        Some(url)
    }

    fn alternate_of(&mut self, tag: &html5ever::tokenizer::Tag) {
        let said = |name: &str| attribute(tag, name).unwrap_or_default();
        let (rel, kind) = (said("rel").to_ascii_lowercase(), said("type").to_ascii_lowercase());
        self.alternate(&rel, &kind, attribute(tag, "href").as_deref(), &said("title"));
    }

    /// Takes the address of a feed. `rel` and `kind` are in lower case.
    fn alternate(&mut self, rel: &str, kind: &str, href: Option<&str>, title: &str) {
        let rels: Vec<&str> =
            rel.split_ascii_whitespace().filter(|word| matches!(*word, "alternate" | "feed")).collect();
        // XML of no said kind is a feed as often as not; what it is, its first bytes tell.
        let is_feed = ["rss", "atom", "feed+json", "rdf"].iter().any(|word| kind.contains(word))
            || matches!(kind.split(';').next().map(str::trim), Some("text/xml" | "application/xml"))
            || (rels.contains(&"feed") && !kind.contains("html"));
        if !is_feed || rels.is_empty() {
            return;
        }
        let Some(url) = href.and_then(|href| self.address(href)) else { return };
        let of_comments = title.to_lowercase().contains("comment") || url.path().contains("/comments/");
        let clue = if of_comments { Clue::Comments } else { Clue::Alternate };
        self.candidates.push(Candidate { url, title: title.to_owned(), clue });
    }

    fn end_link(&mut self) {
        let Some((url, words)) = self.link.take() else { return };
        let title = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if looks_like_feed(&url, &title) {
            self.candidates.push(Candidate { url, title, clue: Clue::Link });
        }
    }
}

/// Whether a link's address ends as feeds do, or its words say that it is one.
fn looks_like_feed(url: &Url, words: &str) -> bool {
    let path = url.path().to_lowercase();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let named =
        |word: &str| ["feed", "rss", "atom"].iter().any(|feed| word.split(['-', '_', '.']).any(|part| part == *feed));
    let by_name = match extension {
        "rss" | "atom" | "rdf" => true,
        "xml" | "json" => named(stem) || stem == "index",
        "" => named(name),
        _ => false,
    };
    let words = words.to_lowercase();
    by_name || matches!(words.as_str(), "rss" | "atom" | "rss feed" | "atom feed" | "feed" | "json feed")
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Candidate, Clue, Link, candidates};

    fn found(html: &str) -> Vec<(String, Clue)> {
        let page = Url::parse("https://a.example/blog/about").unwrap();
        candidates(html, &[], &page).into_iter().map(|c| (c.url.to_string(), c.clue)).collect()
    }

    #[test]
    fn what_the_page_says_comes_first() {
        let html = r#"<!doctype html><html><head><base href="https://cdn.example/x/">
            <link rel=alternate type="application/rss+xml" title="Comments on A" href="comments.xml">
            <LINK REL="Alternate Feed" TYPE="Application/Atom+XML; charset=utf-8" HREF=" posts.atom#top ">
            <link rel="alternate" type="text/html" hreflang="fa" href="/fa">
            <link rel="stylesheet" type="application/rss+xml" href="no">
            <link rel="alternate" type="application/feed+json" href="javascript:x">
            </head><body><a href="/news.rss"><b>N</b>ews</a> <a href="/f">RSS <i>feed</i></a> <a href="/feedback">Write</a>"#;
        let found = found(html);
        let expected = [
            ("https://cdn.example/x/posts.atom", Clue::Alternate),
            ("https://cdn.example/x/comments.xml", Clue::Comments),
            ("https://cdn.example/news.rss", Clue::Link),
            ("https://cdn.example/f", Clue::Link),
            ("https://a.example/blog/feed", Clue::Common),
        ];
        assert_eq!(found[..5].iter().map(|(url, clue)| (url.as_str(), *clue)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn feeds_are_named_in_several_ways() {
        for html in [
            "<link rel=alternate type=text/xml href=/x>",
            "<link rel=alternate type='application/xml; charset=utf-8' href=/x>",
            "<link rel=feed href=/x>",
            "<p><a rel=alternate type=application/atom+xml href=/x>What is new</a>",
        ] {
            assert_eq!(found(html)[0], ("https://a.example/x".to_owned(), Clue::Alternate), "{html}");
        }
        for html in [
            "<link rel=alternate type=text/html href=/x>",
            "<a rel=alternate href=/x>x</a>",
            "<link rel=icon type=text/xml href=/x>",
        ] {
            assert!(found(html).iter().all(|(url, _)| url != "https://a.example/x"), "{html}");
        }
    }

    #[test]
    fn the_header_of_an_answer_names_feeds_too() {
        let page = Url::parse("https://a.example/blog/about").unwrap();
        let link = |relations: &str, media_type: &str| Link {
            target: "x".to_owned(),
            relations: relations.to_owned(),
            media_type: media_type.to_owned(),
            title: "News".to_owned(),
        };
        // The page's own base is not that of its header.
        let html = "<base href=https://b.example/>";
        let found = candidates(html, &[link("alternate", "application/rss+xml")], &page);
        let named = Candidate {
            url: Url::parse("https://a.example/blog/x").unwrap(),
            title: "News".to_owned(),
            clue: Clue::Alternate,
        };
        assert_eq!(found[0], named);
        let repeated = vec![link("alternate", "application/rss+xml"); 200];
        let own = "<link rel=alternate type=application/rss+xml href=/own>";
        assert_eq!(candidates(own, &repeated, &page)[1].url.path(), "/own");
        let others = [link("alternate", "text/html"), link("preload", "application/rss+xml")];
        assert!(candidates(html, &others, &page).iter().all(|found| found.clue == Clue::Common));
    }

    #[test]
    fn a_page_may_send_its_readers_on() {
        let page = url::Url::parse("https://a.example/").unwrap();
        let next = |html: &str| super::refresh(html, &page).map(String::from);
        assert_eq!(
            next("<meta HTTP-EQUIV=Refresh content=\"0; URL='/blog/'\">").as_deref(),
            Some("https://a.example/blog/")
        );
        for html in ["<meta http-equiv=refresh content=30>", "<meta http-equiv=refresh content='0;url=/'>", "<p>url=x"]
        {
            assert_eq!(next(html), None, "{html}");
        }
    }

    #[test]
    fn a_page_of_links_has_its_bounds() {
        let html = (0..500).map(|n| format!("<a href='/tags/{n}/feed.xml'>x</a>")).collect::<Vec<_>>().concat();
        let found = found(&html);
        assert_eq!(found.iter().filter(|(_, clue)| *clue == Clue::Link).count(), 10);
        assert_eq!(found.len(), 26);
        assert!(found.iter().any(|(url, _)| url == "https://a.example/feed.json"));
    }
}
