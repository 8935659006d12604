//! Where mail leads: what stands there is written before it goes out. The rest of a site may be written meanwhile.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

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
    /// Whether that is not all, or cannot be known: then mail may lead anywhere.
    anywhere: bool,
}

impl Leads {
    /// Where the digests of these lead.
    pub(super) fn of<'m>(config: &Config, going: impl Iterator<Item = &'m Made<'m>>) -> Self {
        let home = &config.publication.base_url;
        let mut leads = Self::default();
        for one in going {
            // One that was made under another address may lead there, and so here in the end.
            leads.anywhere |= one.issue.publication.base_url != *home;
            leads.add(one.artefacts.text_of_digest().unwrap_or_default(), home);
        }
        leads
    }

    /// Adds the addresses below `home` in a text, wherever they are: in HTML, in plain text, in a header. Their scheme and port
    /// do not matter. What a program may take for an address of ours, and is not known for one, may lead anywhere.
    fn add(&mut self, text: &str, home: &str) {
        let Ok(home) = Url::parse(home) else {
            self.anywhere = true;
            return;
        };
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("//") {
            self.anywhere |= holds_scheme(before);
            let end = after.find(ends_address).unwrap_or(after.len());
            let (word, behind) = after.split_at(end);
            self.add_one(word, &home);
            // Two in one word, or one that is written with other strokes.
            self.anywhere |= word.contains("//") || holds_scheme(word) || behind.starts_with("\\\\");
            rest = behind;
        }
        self.anywhere |= holds_scheme(rest);
    }

    /// Adds an address that is written so behind its `//`.
    fn add_one(&mut self, written: &str, home: &Url) {
        let written = ["//", &written.replace("&amp;", "&")].concat();
        let Ok(address) = home.join(&written) else { return };
        let host = |url: &Url| url.host_str().map(|host| host.trim_end_matches('.').to_owned());
        if host(&address) != host(home) {
            return;
        }
        let decoded = |url: &Url| percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
        let (path, home) = (decoded(&address), decoded(home));
        match path.strip_prefix(&home) {
            Some(path) => {
                self.paths.insert(path.to_owned());
            }
            None if path == home.trim_end_matches('/') => {
                self.paths.insert(String::new());
            }
            // What stands beside the publication; or the publication, for servers that see other strokes.
            None => self.anywhere = true,
        }
    }

    /// Whether no files are to stand before others.
    pub(super) fn are_none(&self) -> bool {
        self.anywhere || self.paths.is_empty()
    }

    /// The files that are to stand before mail goes out, where all of them are among `pages`. Where it leads nowhere, or to
    /// anything else, such as a feed, there are none: then the whole site comes first.
    pub(super) fn files<'f>(&self, pages: &BTreeSet<&'f str>) -> Option<BTreeSet<&'f str>> {
        if self.are_none() {
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

/// Whether a text holds the beginning of an address behind which no `//` follows: browsers go on as if it did.
fn holds_scheme(text: &str) -> bool {
    let is_one = |(at, _): (usize, &str)| {
        let scheme = text[..at].trim_end_matches(['s', 'S']);
        let is_http = scheme.len().checked_sub(4).and_then(|from| scheme.get(from..));
        // A blank ends it.
        let goes_on = text[at + 1..].chars().next().is_some_and(|next| next != ' ');
        goes_on && is_http.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
    };
    text.match_indices(':').any(is_one)
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
            r#"%D9%84%D9%85 https://a.example/n https://A.example./%6e/index.html"}"#
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
            ("https://a.example/posts/ink/ https://a.example. is https: ours", false),
            ("https://a.example/posts/ink/ https:/a.example/posts/tin/", true),
            ("https://a.example/posts/ink/ HTTPS:a.example/posts/tin/", true),
            (r"https://a.example/posts/ink/ https:\\\\a.example\\posts\\tin", true),
            (r"https://a.example/posts/ink/ https://a.example\\posts\\tin", true),
            ("https://a.example/posts/ink/,https://a.example/posts/tin/", true),
            ("https://a.example//posts/ink/", true),
            ("", true),
        ] {
            assert_eq!(files(text, home).is_none(), whole, "{text}");
        }
        let of_folder = |text: &str| files(text, "https://a.example/n/").is_none();
        assert!(of_folder("https://a.example/n/posts/ink/ https://a.example/elsewhere/"));
        assert!(!of_folder("https://a.example/n/posts/ink/"));
        let slashes = format!("https://z.example/{}", "/".repeat(2_000_000));
        assert!(of_folder(&slashes), "in a time that grows with its length");
        assert!(Leads { anywhere: true, ..Leads::default() }.files(&BTreeSet::from(DRAWN)).is_none());
    }
}
