//! Where mail leads: what stands there is written before it goes out. The rest of a site may be written meanwhile.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use url::Url;

use super::public::files_at;
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
            let is_doubtful = word.starts_with('/') || word.contains("//") || behind.starts_with("\\\\");
            self.anywhere |= is_doubtful || holds_scheme(word);
            rest = behind;
        }
        self.anywhere |= holds_scheme(rest);
        self.add_bare(text, &home);
    }

    /// Adds addresses that begin with the host: programs that show plain text make links of these, too.
    fn add_bare(&mut self, text: &str, home: &Url) {
        let bare = [home.host_str().unwrap_or_default(), "/"].concat();
        let goes_before = |c: char| c.is_alphanumeric() || "/.-@%".contains(c);
        let mut rest = text;
        let mut before = None;
        while let Some((passed, _)) = rest.split_once(&bare) {
            let address = &rest[passed.len()..];
            let mut length = bare.len();
            if !passed.chars().next_back().or(before).is_some_and(goes_before) {
                let word = address.split(ends_address).next().unwrap_or_default();
                self.add_one(word, home);
                self.anywhere |= word[bare.len()..].contains(&bare);
                length = word.len();
            }
            (before, rest) = (address[..length].chars().next_back(), &address[length..]);
        }
    }

    /// Adds an address that is written so behind its `//`.
    fn add_one(&mut self, written: &str, home: &Url) {
        let written = ["//", &written.replace("&amp;", "&")].concat();
        let Ok(address) = home.join(&written) else {
            // Browsers understand more.
            self.anywhere |= written.len() > "//".len();
            return;
        };
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

    /// The files among `pages` that are to stand before mail goes out. None where the whole site comes first: where mail leads
    /// nowhere, or to what may be one of them in another spelling, or a feed. Of what else is at an address of ours, this
    /// run writes nothing.
    pub(super) fn files<'f>(&self, pages: &BTreeSet<&'f str>) -> Option<BTreeSet<&'f str>> {
        if self.are_none() {
            return None;
        }
        let mut files: BTreeSet<&str> = BTreeSet::new();
        let mut unknown = Vec::new();
        for path in &self.paths {
            // Readers' programs take what ends a sentence for a part of the address, or do not.
            let found = [path, path.trim_end_matches(POINTS)].map(|path| file(path, pages));
            if found == [None, None] {
                unknown.push(loosely(path));
            }
            files.extend(found.into_iter().flatten());
        }
        let is_fed = |path: &String| FED.iter().any(|word| path.contains(word));
        let spelt: BTreeSet<String> =
            if unknown.is_empty() { BTreeSet::new() } else { pages.iter().map(|page| loosely(page)).collect() };
        if files.is_empty() || unknown.iter().any(|path| is_fed(path) || spelt.contains(path)) {
            return None;
        }
        files.extend(pages.get(STYLESHEET));
        Some(files)
    }
}

/// What addresses of feeds hold, and those that web servers lead to them.
const FED: [&str; 6] = ["feed", "rss", "atom", "xml", "json", "opml"];

/// A path as those write it that mean the same page: in small letters, without needless strokes and what ends a file's name.
fn loosely(path: &str) -> String {
    let path = path.to_lowercase();
    let parts = path.trim_end_matches(POINTS).split('/').filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join("/");
    let bare = joined.strip_suffix("index.html").or(joined.strip_suffix(".html")).unwrap_or(&joined);
    bare.trim_end_matches('/').to_owned()
}

/// The file in which a server finds what stands at a path.
fn file<'f>(path: &str, files: &BTreeSet<&'f str>) -> Option<&'f str> {
    files_at(path).iter().find_map(|name| files.get(name.as_str()).copied())
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
            ("https://a.example/posts/ink/ https://a.example/posts/tin/?p=1", false),
            ("https://a.example/posts/ink/ https://a.example/Posts//Oil/index.html", true),
            ("https://a.example/posts/ink/ https://a.example/2014/ABOUT.", true),
            ("https://a.example/posts/ink/ https://a.example/tags/ink/atom.xml", true),
            ("https://a.example/posts//ink/", true),
            ("<a href='https://a.example/posts/ink/'>", false),
            ("<a href='https://a.example/posts/ink/' title='x'>, https://a.example/Feed/", true),
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
            ("https://a.example/posts/ink/ https:///a.example/posts/tin/", true),
            ("https://a.example/posts/ink/ https://[a.example/", true),
            ("https://a.example/posts/ink/ a.example/Posts/Oil", true),
            ("https://a.example/posts/ink/ a.example/posts/oil/, b.a.example/posts/tin/ me@a.example/", false),
            ("", true),
        ] {
            assert_eq!(files(text, home).is_none(), whole, "{text}");
        }
        let of_folder = |text: &str| files(text, "https://a.example/n/").is_none();
        assert!(of_folder("https://a.example/n/posts/ink/ https://a.example/elsewhere/"));
        assert!(!of_folder("https://a.example/n/posts/ink/"));
        let slashes = format!("https://z.example/{}", "/".repeat(2_000_000));
        assert!(of_folder(&slashes), "in a time that grows with its length");
        assert!(of_folder(&"a.example/n/,".repeat(200_000)));
        assert!(of_folder(&"xa.example/n/,".repeat(200_000)));
        assert!(Leads { anywhere: true, ..Leads::default() }.files(&BTreeSet::from(DRAWN)).is_none());
    }
}
