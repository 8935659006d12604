//! Where mail leads: what stands there is written before it goes out. The rest of a site is written meanwhile.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::mailing;
use super::shelf::Shelf;
use super::site::Made;
use crate::config::Config;
use crate::error::Result;
use crate::render::feed::is_feed;
use crate::render::web::STYLESHEET;

/// The files below public/ to which the digests lead that are to be mailed.
#[derive(Debug, Default)]
pub(super) struct Leads {
    /// Each under every name that a server may look for.
    files: BTreeSet<String>,
    /// Whether that is not all that goes out: then it may lead anywhere.
    anywhere: bool,
}

impl Leads {
    /// Where the digests lead that are due; `goes_on` says that mail of earlier runs goes out as well.
    pub(super) fn of(config: &Config, shelf: &Shelf, made: &[Made<'_>], goes_on: bool) -> Result<Self> {
        let mut leads = Self { anywhere: goes_on, ..Self::default() };
        for one in made {
            if mailing::is_due(shelf, one.issue)? {
                leads.add(one.artefacts.text_of_digest().unwrap_or_default(), &config.publication.base_url);
            }
        }
        Ok(leads)
    }

    /// Adds what follows the publication's address in a text, wherever that is: in HTML, in plain text, in a header.
    fn add(&mut self, text: &str, base_url: &str) {
        for (at, _) in text.match_indices(base_url) {
            let path = text[at + base_url.len()..].split(ends_address).next().unwrap_or_default();
            let path = percent_decode_str(path).decode_utf8_lossy();
            let path = path.trim_end_matches('/');
            let index = if path.is_empty() { "index.html".to_owned() } else { format!("{path}/index.html") };
            self.files.extend([index, format!("{path}.html"), path.to_owned()]);
        }
    }

    /// Whether nothing goes out that leads anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.anywhere
    }

    /// Whether the page in this file is one of them, or what all pages need.
    pub(super) fn has(&self, file: &str) -> bool {
        self.anywhere || file == STYLESHEET || self.files.contains(file)
    }

    /// Whether a feed is one of them.
    pub(super) fn has_feed(&self) -> bool {
        self.anywhere || self.files.iter().any(|file| is_feed(file))
    }
}

/// What no path of an address holds, in whatever it is written.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\\' | '?' | '#')
}

#[cfg(test)]
mod tests {
    use super::Leads;

    #[test]
    fn what_a_digest_leads_to_is_known_by_its_files() {
        let mut leads = Leads::default();
        let text = concat!(
            r#"{"html":"<a href=\"https://a.example/n/posts/ink/#top\">x</a> <a href='https://a.example/n/"#,
            r#"posts/%D9%82%D9%84%D9%85/'>","text":"See https://a.example/n/about?x=1\nand <https://a.example/n/>"#,
            r#" https://a.example/n/letter/1/letter-1.pdf https://b.example/n/posts/oil/"}"#
        );
        leads.add(text, "https://a.example/n/");
        for file in [
            "style.css",
            "posts/ink/index.html",
            "posts/قلم/index.html",
            "about.html",
            "about/index.html",
            "index.html",
            "letter/1/letter-1.pdf",
        ] {
            assert!(leads.has(file), "{file}");
        }
        for file in ["posts/oil/index.html", "404.html", "feed.xml"] {
            assert!(!leads.has(file), "{file}");
        }
        assert!(!leads.has_feed());
        leads.add("https://a.example/n/tags/ink/atom.xml", "https://a.example/n/");
        assert!(leads.has_feed());
        let leads = Leads { anywhere: true, ..Leads::default() };
        assert!(leads.has("404.html") && leads.has_feed() && !leads.is_empty() && Leads::default().is_empty());
    }
}
