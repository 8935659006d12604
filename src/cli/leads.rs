//! Where mail leads: what stands there is written before it goes out. The rest of a site may be written meanwhile.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

use super::mailing;
use super::shelf::Shelf;
use super::site::Made;
use crate::config::Config;
use crate::render::web::STYLESHEET;

/// What stands after a path in a text, and is no part of it.
const POINTS: [char; 9] = ['.', ',', ';', ':', '!', '?', ')', ']', '\''];

/// The addresses of the publication to which the digests lead that are to be mailed.
#[derive(Debug, Default)]
pub(super) struct Leads {
    /// Below public/, without what stands behind a `?` or `#`.
    paths: BTreeSet<String>,
    /// Whether that is not all that goes out, or cannot be known: then mail may lead anywhere.
    anywhere: bool,
}

impl Leads {
    /// Where the digests lead that are due; `goes_on` says that mail of earlier runs goes out as well.
    pub(super) fn of(config: &Config, shelf: &Shelf, made: &[Made<'_>], goes_on: bool) -> Self {
        let home = &config.publication.base_url;
        let mut leads = Self { anywhere: goes_on, ..Self::default() };
        for one in made {
            match mailing::is_due(shelf, one.issue) {
                Ok(false) => {}
                // One that was made under another address may lead there, and so here in the end.
                Ok(true) if one.issue.publication.base_url == *home => {
                    leads.add(one.artefacts.text_of_digest().unwrap_or_default(), home);
                }
                // What is wrong is told by what mails it.
                Ok(true) | Err(_) => leads.anywhere = true,
            }
        }
        leads
    }

    /// Adds the addresses below `home` in a text, wherever they are: in HTML, in plain text, in a header. Their scheme and port
    /// do not matter.
    fn add(&mut self, text: &str, home: &str) {
        let Ok(home) = Url::parse(home) else {
            self.anywhere = true;
            return;
        };
        let ours = text.match_indices("//").filter_map(|(at, _)| {
            let written = text[at..].split(ends_address).next()?.replace("&amp;", "&");
            let address = home.join(&written).ok().filter(|address| address.host() == home.host())?;
            let path = address.path().strip_prefix(home.path())?;
            Some(percent_decode_str(path).decode_utf8_lossy().into_owned())
        });
        self.paths.extend(ours);
    }

    /// The files that are to stand before mail goes out, where all of them are among `pages`. Where it leads nowhere, or to
    /// anything else, such as a feed, there are none: then the whole site comes first.
    pub(super) fn files<'f>(&self, pages: &BTreeSet<&'f str>) -> Option<BTreeSet<&'f str>> {
        if self.anywhere || self.paths.is_empty() {
            return None;
        }
        let mut files: BTreeSet<&str> = pages.get(STYLESHEET).copied().into_iter().collect();
        for path in &self.paths {
            let trimmed = path.trim_end_matches(POINTS);
            // Readers' programs take what ends a sentence for a part of the address, or do not.
            let mut found = [path, trimmed].into_iter().filter_map(|path| file(path, pages)).peekable();
            found.peek()?;
            files.extend(found);
        }
        Some(files)
    }
}

/// The file in which a server finds what stands at a path.
fn file<'f>(path: &str, files: &BTreeSet<&'f str>) -> Option<&'f str> {
    let bare = path.trim_end_matches('/');
    let index = if bare.is_empty() { "index.html".to_owned() } else { format!("{bare}/index.html") };
    [index, bare.to_owned(), format!("{bare}.html")].iter().find_map(|name| files.get(name.as_str()).copied())
}

/// What no address holds, in whatever it is written.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Leads;

    const DRAWN: [&str; 8] = [
        "style.css",
        "index.html",
        "posts/ink/index.html",
        "posts/قلم/index.html",
        "2013/06/c's & d/index.html",
        "2014/about.html",
        "letter/1/letter-1.pdf",
        "posts/oil/index.html",
    ];

    /// The files before mail, but for the style sheet.
    fn files(text: &str, home: &str) -> Option<Vec<&'static str>> {
        let mut leads = Leads::default();
        leads.add(text, home);
        let files = leads.files(&BTreeSet::from(DRAWN))?;
        assert!(files.contains("style.css"));
        Some(files.into_iter().filter(|file| *file != "style.css").collect())
    }

    #[test]
    fn what_a_digest_leads_to_is_known_by_its_files() {
        let text = concat!(
            r#"{"html":"<a href=\"https://a.example/n/posts/ink/#top\">x</a> <a href=\"http://a.example/n/"#,
            r#"2013/06/c's%20&amp;%20d\">","text":"See https://a.example/n/2014/about?x=1\nand <https://A.example:443/n/>"#,
            r#" https://a.example/n/letter/1/letter-1.pdf. https://b.example/n/posts/oil/ //a.example/n/x/../posts/%D9%82"#,
            r#"%D9%84%D9%85 https://a.example/elsewhere/"}"#
        );
        let found = files(text, "https://a.example/n/").unwrap();
        let mut expected = DRAWN[1..7].to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected);
        let idn = "https://%D9%85%D8%AB%D8%A7%D9%84.example/posts/ink/";
        assert_eq!(files(idn, "https://xn--mgbh0fb.example/").unwrap(), ["posts/ink/index.html"]);
    }

    #[test]
    fn the_whole_site_comes_first_where_mail_leads_to_what_is_not_known() {
        let home = "https://a.example/";
        for (text, whole) in [
            ("https://a.example/posts/ink/", false),
            ("(https://a.example/posts/ink/),", false),
            ("https://a.example/posts/tin/", true),
            ("https://a.example/posts//ink/", true),
            ("<a href='https://a.example/posts/ink/'>", false),
            ("<a href='https://a.example/posts/ink/' title='x'>, https://a.example/feed/", true),
            ("https://a.example/tags/ink/atom.xml", true),
            ("See https://a.example/tags/ink/atom.xml.", true),
            ("https://b.example/", true),
            ("", true),
        ] {
            assert_eq!(files(text, home).is_none(), whole, "{text}");
        }
        assert!(Leads { anywhere: true, ..Leads::default() }.files(&BTreeSet::from(DRAWN)).is_none());
    }
}
