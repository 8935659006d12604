//! Where links lead: to other posts of the same source where those are known, else to the web.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use url::{Host, Position, Url};

use super::linked::is_picture;
use super::sanitise::clean_id;
use crate::model::{composed, media_type_of};

/// A post that links may lead to.
#[derive(Clone, Debug)]
struct Target {
    /// The post's absolute address.
    address: String,
    /// What its ids begin with; two hyphens follow.
    prefix: String,
}

impl Target {
    /// The address with the fragment of `suffix`, if there is one, as the post's own ids are written. A query means
    /// nothing to our own pages.
    fn with_fragment(&self, suffix: &str) -> String {
        match suffix.split_once('#') {
            Some((_, fragment)) if !fragment.is_empty() => {
                let fragment = clean_id(&percent_decoded(fragment));
                // Text that was sanitised once names the id as it is.
                let bare = fragment.strip_prefix(&self.prefix).and_then(|rest| rest.strip_prefix("--"));
                format!("{}#{}--{}", self.address, self.prefix, bare.unwrap_or(&fragment))
            }
            _ => self.address.clone(),
        }
    }
}

/// The posts of a source by every name that a link may use. Only looked up, never walked through.
#[derive(Debug, Default)]
pub(super) struct LinkIndex {
    /// File paths below the source folder, without extension, and with it.
    files: HashMap<String, Arc<Target>>,
    /// Paths in the web: permalinks, aliases, our own.
    paths: HashMap<String, Arc<Target>>,
    /// File names without folder and extension.
    stems: HashMap<String, Arc<Target>>,
    /// Addresses that posts brought with them, without the scheme and a slash at the end.
    addresses: HashMap<String, Arc<Target>>,
    /// Addresses under which the source stands on the web, ours first.
    bases: Vec<String>,
    /// The paths of the files, for what an author may have meant.
    names: Vec<String>,
}

/// How the names of files end that hold texts, as authors write them into links.
const TEXTS: [&str; 13] =
    ["md", "markdown", "mdx", "mkd", "mdown", "mkdn", "mdwn", "rst", "adoc", "asciidoc", "org", "textile", "ipynb"];

impl LinkIndex {
    /// An index for a source that stands under these addresses.
    pub(super) fn new(bases: Vec<String>) -> Self {
        Self { bases, ..Self::default() }
    }

    /// Adds a post: its file below the source folder, its paths in the web, its address, what its ids begin with.
    pub(super) fn add(&mut self, file: &str, paths: &[String], address: &str, prefix: &str) {
        let file = &*composed(file);
        let bare = without_extension(file);
        let target = Arc::new(Target { address: address.to_owned(), prefix: prefix.to_owned() });
        let note = |map: &mut HashMap<String, Arc<Target>>, key: &str| {
            if !key.is_empty() {
                map.entry(key.to_owned()).or_insert_with(|| target.clone());
            }
        };
        self.names.push(file.to_owned());
        note(&mut self.files, file);
        note(&mut self.files, bare);
        let folder = bare.strip_suffix("/index").or_else(|| bare.strip_suffix("/_index"));
        if let Some(folder) = folder {
            note(&mut self.files, folder);
        }
        let stem = folder.unwrap_or(bare).rsplit('/').next().unwrap_or_default();
        note(&mut self.stems, stem);
        for path in paths {
            note(&mut self.paths, &web_key(path));
        }
    }

    /// Adds a post that stands at an address of its own.
    pub(super) fn add_address(&mut self, address: &str, prefix: &str) {
        if let Some(key) = address_key(address) {
            let target = Target { address: address.to_owned(), prefix: prefix.to_owned() };
            self.addresses.entry(key.into_owned()).or_insert_with(|| Arc::new(target));
        }
    }

    /// Adds the addresses by number that WordPress gives each post, `?p=12`, wherever the source stands.
    pub(super) fn add_number(&mut self, number: &str, address: &str, prefix: &str) {
        // A large site has many: they share what they lead to.
        let known = address_key(address).and_then(|key| self.addresses.get(&*key)).cloned();
        let known = known.filter(|known| known.address == address && known.prefix == prefix);
        let target =
            known.unwrap_or_else(|| Arc::new(Target { address: address.to_owned(), prefix: prefix.to_owned() }));
        for base in self.bases.iter().filter_map(|base| Some(without_scheme(base)?.trim_end_matches('/'))) {
            for name in ["p", "page_id"] {
                self.addresses.entry(format!("{base}/?{name}={number}")).or_insert_with(|| target.clone());
            }
        }
    }

    /// The path of an address that lies below one of the bases, whatever its scheme.
    pub(super) fn below<'a>(&self, address: &'a str) -> Option<&'a str> {
        let address = without_scheme(address)?;
        let strip = |base: &String| address.strip_prefix(without_scheme(base)?.trim_end_matches('/'));
        self.bases.iter().find_map(strip).filter(|rest| rest.starts_with('/'))
    }

    fn by_path(&self, path: &str) -> Option<&Target> {
        self.paths.get(&web_key(path)).map(|target| &**target)
    }

    /// A file named from the root of its site: any of its folders may be the source's.
    fn by_file(&self, path: &str) -> Option<&Target> {
        let mut rest = path.trim_start_matches('/').trim_end_matches('/');
        loop {
            if let Some(address) = self.files.get(rest).or_else(|| self.files.get(without_extension(rest))) {
                return Some(address);
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// The absolute address that `href` means in a file of `folder` (below the source folder, no slash at its end),
    /// whose post stands at `page`. `None` when it leads nowhere.
    pub(super) fn resolve(&self, href: &str, folder: &str, page: &str) -> Option<String> {
        let href = href.trim();
        if href.is_empty() {
            return None;
        }
        if let Some(rest) = href.strip_prefix("//") {
            return Some(format!("https://{rest}"));
        }
        let (path, suffix) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
        if let Some(target) = self.target(href, path, folder, page) {
            return Some(target.with_fragment(suffix));
        }
        if path.starts_with("@/") {
            return None;
        }
        if has_scheme(href) { tidy(href) } else { self.joined(page, href).map(String::from) }
    }

    /// The post that `href`, of which `path` is the part before a query or fragment, leads to.
    fn target(&self, href: &str, path: &str, folder: &str, page: &str) -> Option<&Target> {
        if let Some(target) = path.strip_prefix("@/") {
            let target = file_key(target);
            let bare = without_extension(&target);
            let bare = bare.strip_suffix("/index").or_else(|| bare.strip_suffix("/_index")).unwrap_or(bare);
            let stem = bare.rsplit('/').next().unwrap_or_default();
            return self.by_file(&target).or_else(|| self.stems.get(stem).map(|target| &**target));
        }
        if has_scheme(href) {
            let whole = href.split('#').next().unwrap_or(href);
            if let Some(target) = address_key(whole).and_then(|key| self.addresses.get(&*key)) {
                return Some(target);
            }
            let path = self.below(href).map(|rest| rest.split(['?', '#']).next().unwrap_or(rest));
            return path.and_then(|path| self.by_path(path));
        }
        let on_the_web = || self.by_address(&self.joined(page, href)?);
        if path.starts_with('/') {
            return self.by_path(path).or_else(|| self.by_file(&file_key(path))).or_else(on_the_web);
        }
        let file = || {
            let file = composed(&joined_path(folder, &percent_decoded(path))?).into_owned();
            self.files.get(&file).or_else(|| self.files.get(without_extension(&file))).map(|target| &**target)
        };
        // `../other/` is a page beside this page, in its language; without a slash at its end it is a file first.
        let page_first = if path.ends_with('/') { self.page_beside(page, path) } else { None };
        page_first.or_else(file).or_else(on_the_web)
    }

    /// Whether an address lies below the one under which our own pages stand.
    pub(super) fn is_ours(&self, address: &str) -> bool {
        let ours = self.bases.first().and_then(|base| without_scheme(base)).map(|base| base.trim_end_matches('/'));
        let rest = ours.zip(without_scheme(address)).and_then(|(ours, address)| address.strip_prefix(ours));
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether `href` leads to a post.
    pub(super) fn is_post(&self, href: &str, folder: &str, page: &str) -> bool {
        let href = href.trim();
        let path = href.split(['?', '#']).next().unwrap_or(href);
        self.target(href, path, folder, page).is_some()
    }

    /// Whether `href` names a file of text, as authors name those of posts, and leads to no post.
    pub(super) fn lacks_file(&self, href: &str, folder: &str, page: &str) -> bool {
        let href = href.trim();
        let path = href.split(['?', '#']).next().unwrap_or(href);
        names_text(path)
            && !has_scheme(href)
            && !href.starts_with("//")
            && self.target(href, path, folder, page).is_none()
    }

    /// The file of a post, seen from `folder`, whose name is nearest to the one that `path` ends with.
    pub(super) fn nearest(&self, path: &str, folder: &str) -> Option<String> {
        let wanted = percent_decoded(path).to_lowercase();
        let bare = name_of(&wanted);
        let length = bare.chars().count();
        let allowed = (1 + length / 4).min(length / 3);
        let distance = |file: &str| {
            let other = name_of(file).to_lowercase();
            let near = other.len().abs_diff(bare.len()) <= allowed * 4;
            near.then(|| strsim::damerau_levenshtein(bare, &other)).filter(|distance| *distance <= allowed)
        };
        let near = self.names.iter().filter_map(|file| Some((distance(file)?, seen_from(folder, file))));
        near.min_by_key(|(distance, path)| (*distance, path.matches('/').count(), path.clone())).map(|(_, path)| path)
    }

    /// The post whose page `path` means, seen from another page.
    fn page_beside(&self, page: &str, path: &str) -> Option<&Target> {
        self.by_address(&Url::parse(page).ok()?.join(path).ok()?)
    }

    fn by_address(&self, url: &Url) -> Option<&Target> {
        let whole = url.as_str().split('#').next().unwrap_or_default();
        if let Some(target) = address_key(whole).and_then(|key| self.addresses.get(&*key)) {
            return Some(target);
        }
        self.below(url.as_str()).and_then(|path| self.by_path(path))
    }

    /// The address on the web: root-relative ones belong to where the source stands, others to the page.
    fn joined(&self, page: &str, href: &str) -> Option<Url> {
        let base = if href.starts_with('/') { self.bases.last().map(String::as_str)? } else { page };
        Url::parse(base).ok()?.join(href).ok()
    }
}

/// What there is to say of `count` links of a text to parts of it that are not there, of which `href` is the first.
pub(super) fn unanswered(href: &str, count: usize) -> String {
    let href = percent_decoded(href);
    match count {
        0 | 1 => format!("`{href}` leads to no heading of this text; its words stay"),
        2 => format!("`{href}` and one more link lead to no heading of this text; their words stay"),
        many => format!("`{href}` and {} more links lead to no heading of this text; their words stay", many - 1),
    }
}

/// What there is to say of `count` links to posts that are not there, of which `href` is the first.
pub(super) fn dead(href: &str, count: usize) -> String {
    let href = percent_decoded(href);
    match count {
        0 | 1 => format!("`{href}` leads to no post of this source"),
        2 => format!("`{href}` and one more link lead to no post of this source"),
        many => format!("`{href}` and {} more links lead to no post of this source", many - 1),
    }
}

/// Whether a file is named as those of texts are.
pub(super) fn names_text(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| TEXTS.contains(&ending.as_str()))
}

/// Whether an address is a whole one on the web.
pub(super) fn is_web(href: &str) -> bool {
    without_scheme(href).is_some()
}

/// What an address lacks that is to lead to the web or to a mailbox: `www.example.org`, `ann@example.org`. `None` for any other.
pub(super) fn meant(href: &str) -> Option<String> {
    let href = href.trim();
    if href.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        return None;
    }
    let is_host = |host: &str| {
        let labels = host.split('.').filter(|label| !label.is_empty()).count();
        labels > 1 && labels == host.split('.').count() && !host.contains([':', '@', '/', '\\'])
    };
    let host = href.split(['/', '?', '#']).next().unwrap_or(href);
    if host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
        && is_host(host)
        && host.matches('.').count() > 1
    {
        return Some(format!("https://{href}"));
    }
    let (name, at) = href.split('?').next().and_then(|mailbox| mailbox.split_once('@'))?;
    let is_name = !name.is_empty() && !name.contains(['/', ':', '#']);
    // `photo@2x.png` is a file, at hand or not; `ann@example.org` is none of Org's.
    let is_text = names_text(at) && !at.to_ascii_lowercase().ends_with(".org");
    let is_file = is_text || is_picture(Path::new(at)) || media_type_of(at).is_some();
    (is_name && is_host(at) && !is_file).then(|| format!("mailto:{href}"))
}

/// Where previews are served: others of one's own machine are what texts about programs lead to.
const PREVIEW: u16 = 8080;

/// What follows the host of an address on the web that is each machine's name for itself, and the port that of previews; `None`
/// for any other.
pub(super) fn on_own_machine(href: &str) -> Option<String> {
    if !is_web(href) {
        return None;
    }
    let url = Url::parse(href).ok()?;
    let is_own = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback() || address.is_unspecified(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unspecified(),
    };
    (is_own && url.port() == Some(PREVIEW)).then(|| url[Position::BeforePath..].to_owned())
}

/// Whether an address is told from where it stands.
pub(super) fn is_relative(href: &str) -> bool {
    !has_scheme(href) && !href.starts_with(['/', '#', '?'])
}

fn has_scheme(href: &str) -> bool {
    href.find(':').is_some_and(|end| {
        let scheme = &href[..end];
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// An absolute address as it is written, unless it holds characters that no address may hold.
fn tidy(href: &str) -> Option<String> {
    if href.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Url::parse(href).ok().map(|url| url.to_string());
    }
    Some(href.to_owned())
}

/// An address on the web as the index keeps it: whatever its scheme, with or without a slash at its end, and with letters beyond ASCII
/// as they are. Programs write `%d8`, browsers copy `%D8`, and both are one (RFC 3986, 6.2.2.1).
fn address_key(address: &str) -> Option<Cow<'_, str>> {
    let rest = without_scheme(address)?.trim_end_matches('/');
    if !rest.contains('%') {
        return Some(Cow::Borrowed(rest));
    }
    let mut bytes = Vec::with_capacity(rest.len());
    let mut parts = rest.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let escaped = part.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match escaped.map(|digits| (digits, u8::from_str_radix(digits, 16).unwrap_or_default())) {
            // What ASCII's escapes stand for may mean something else than what they are.
            Some((digits, byte)) if byte.is_ascii() => {
                bytes.push(b'%');
                bytes.extend_from_slice(digits.to_ascii_uppercase().as_bytes());
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            Some((_, byte)) => {
                bytes.push(byte);
                bytes.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(&[b"%", part.as_bytes()].concat()),
        }
    }
    Some(String::from_utf8(bytes).map_or(Cow::Borrowed(rest), Cow::Owned))
}

/// What of an address on the web stands after its scheme: sites have moved from http to https.
fn without_scheme(address: &str) -> Option<&str> {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))
}

fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((bare, ext)) if ["md", "markdown", "mdx", "html", "htm"].contains(&ext) => bare,
        _ => path,
    }
}

/// A path in the web as the index keeps it: decoded, without slashes at the ends, `index.html` and `.html`.
pub(super) fn web_key(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let decoded = file_key(path);
    let path = decoded.trim_matches('/');
    let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    without_extension(path).to_owned()
}

/// `path` seen from `folder`, dots resolved. `None` when it leads out of the source.
pub(super) fn joined_path(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What a file is called: without its folders and its ending; one called `index` as its folder.
fn name_of(file: &str) -> &str {
    let bare = without_extension(file.trim_end_matches('/'));
    let bare = bare.strip_suffix("/index").or_else(|| bare.strip_suffix("/_index")).unwrap_or(bare);
    bare.rsplit('/').next().unwrap_or(bare)
}

/// The path to a file as a link in `folder` writes it.
fn seen_from(folder: &str, file: &str) -> String {
    let mut above: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut rest = file;
    while let (false, Some((part, below))) = (above.is_empty(), rest.split_once('/')) {
        if above[0] != part {
            break;
        }
        above.remove(0);
        rest = below;
    }
    format!("{}{rest}", "../".repeat(above.len()))
}

/// A path of files as the index keeps it: decoded and composed, for macOS takes the marks off the letters of names (NFD).
fn file_key(path: &str) -> String {
    composed(&percent_decoded(path)).into_owned()
}

/// Percent escapes resolved, where what comes out is UTF-8.
pub(super) fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::{LinkIndex, meant};

    #[test]
    fn links_find_the_posts_that_they_mean() {
        let mut index = LinkIndex::new(vec!["https://new.example/".into(), "https://old.example/".into()]);
        index.add(
            "a/2017-01-18-one.markdown",
            &["/2017/01/18/one/".into(), "posts/one/".into()],
            "https://new.example/posts/one/",
            "one",
        );
        index.add("one.md", &["posts/other/".into()], "https://new.example/posts/other/", "other");
        index.add("a/e\u{308}.md", &["posts/e/".into()], "https://new.example/posts/e/", "e");
        let page = "https://new.example/posts/two/";
        for (href, expected) in [
            ("/src/a/e\u{308}.md", Some("https://new.example/posts/e/")),
            ("%C3%AB.md", Some("https://new.example/posts/e/")),
            ("2017-01-18-one.markdown#x", Some("https://new.example/posts/one/#one--x")),
            ("../one/?q#%C3%A9%20t", Some("https://new.example/posts/one/#one--\u{e9}-t")),
            ("https://old.example/2017/01/18/one/#x", Some("https://new.example/posts/one/#one--x")),
            ("../one", Some("https://new.example/posts/other/")),
            ("../a/2017-01-18-one.md", Some("https://new.example/posts/one/")),
            ("@/_posts/2017-01-18-one", Some("https://new.example/posts/one/")),
            ("/2017/01/18/one.html", Some("https://new.example/posts/one/")),
            ("https://old.example/2017/01/18/one/index.html?x=1", Some("https://new.example/posts/one/")),
            ("http://old.example/2017/01/18/one/", Some("https://new.example/posts/one/")),
            ("http://old.example.org/2017/01/18/one/", Some("http://old.example.org/2017/01/18/one/")),
            ("/about/", Some("https://old.example/about/")),
            ("../one/", Some("https://new.example/posts/one/")),
            ("more", Some("https://new.example/posts/two/more")),
            ("//cdn.example/a.js", Some("https://cdn.example/a.js")),
            ("mailto:a@b.example", Some("mailto:a@b.example")),
            ("@/elsewhere/2017-01-18-one/index.md#x", Some("https://new.example/posts/one/#one--x")),
            ("@/nowhere", None),
        ] {
            assert_eq!(index.resolve(href, "a", page).as_deref(), expected, "{href}");
        }
    }

    #[test]
    fn the_nearest_file_is_told_as_a_link_writes_it() {
        let mut index = LinkIndex::new(vec!["https://new.example/".into()]);
        for file in ["verse/2026-03-10-letters.md", "notes/a/visitors/index.md", "notes/2026-03-12-letter.md"] {
            index.add(file, &[], "https://new.example/posts/x/", "x");
        }
        for (path, folder, expected) in [
            ("2026-03-10-letters.md", "", Some("verse/2026-03-10-letters.md")),
            ("2026-03-10-letters.md", "prose", Some("../verse/2026-03-10-letters.md")),
            ("2026-03-10-letter.md", "verse", Some("2026-03-10-letters.md")),
            ("visitor/index.md", "notes/b", Some("../a/visitors/index.md")),
            ("index.md", "", None),
        ] {
            assert_eq!(index.nearest(path, folder).as_deref(), expected, "{path} in {folder}");
        }
    }

    #[test]
    fn addresses_of_the_web_and_of_mailboxes_are_known_without_their_beginnings() {
        for (href, expected) in [
            ("www.example.org/a", Some("https://www.example.org/a")),
            ("ann@example.org", Some("mailto:ann@example.org")),
            ("photo@2x.png", None),
            ("logo@3x.webp?v=2", None),
            ("user@host.md", None),
            ("talk@2026.mp3", None),
            ("minutes@2026.pdf", None),
        ] {
            assert_eq!(meant(href).as_deref(), expected, "{href}");
        }
    }
}
