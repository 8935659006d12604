//! From the path of a request to a file, and never out of the folder.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// No file has a longer path in bytes, even where each of its bytes is written as three.
const LONGEST: usize = 3 * 4096;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file, and its path below public/.
    File(PathBuf, String),
    /// A folder that was asked for without the slash at the end: the path with it.
    Folder(String),
    /// Nothing that is served.
    Nothing,
}

/// Whether the path of a request is so long that no file can stand there.
pub(super) fn is_too_long(path: &str) -> bool {
    path.len() > LONGEST
}

/// What stands at `path`, the path of a request as it was sent, in `folder`, which is canonical.
pub(super) fn find(folder: &Path, path: &str) -> Found {
    let Some(parts) = parts(path) else { return Found::Nothing };
    let mut file = folder.to_path_buf();
    file.extend(&parts);
    let Ok(metadata) = file.metadata() else { return Found::Nothing };
    let mut below = parts.join("/");
    if metadata.is_dir() {
        if !path.ends_with('/') {
            // Made from the parts, so that no path of the request becomes the address of another host.
            return Found::Folder(format!("/{}/", parts.iter().map(|part| encode(part)).collect::<Vec<_>>().join("/")));
        }
        file.push("index.html");
        below = if below.is_empty() { "index.html".to_owned() } else { format!("{below}/index.html") };
    } else if path.ends_with('/') {
        return Found::Nothing;
    }
    // A link may lead anywhere within the folder, and nowhere else.
    match file.canonicalize() {
        Ok(real) if real.starts_with(folder) && real.is_file() => Found::File(real, below),
        _ => Found::Nothing,
    }
}

/// [`find`] for a site whose address has a path, as `/paper`: a server before this one may hand requests on with it. What
/// stands in the folder under that name goes before.
pub(super) fn find_below(folder: &Path, prefix: &str, path: &str) -> Found {
    match find(folder, path) {
        Found::Nothing if !prefix.is_empty() => match below(prefix, path) {
            Some("") => Found::Folder(format!("{prefix}/")),
            Some(below) => match find(folder, below) {
                Found::Folder(to) => Found::Folder(format!("{prefix}{to}")),
                found => found,
            },
            None => Found::Nothing,
        },
        found => found,
    }
}

/// What is left of `path` behind `prefix`, nothing or from a slash on. Both may be written in several ways, which mean the
/// same: `%d9`, `%D9` (RFC 3986 6.2.2).
pub(super) fn below<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
    let slashes = prefix.matches('/').count();
    let end = path.match_indices('/').nth(slashes).map_or(path.len(), |(at, _)| at);
    let (begins, rest) = path.split_at(end);
    percent_decode_str(begins).eq(percent_decode_str(prefix)).then_some(rest)
}

/// The parts of a path, decoded; `None` when one of them is no name of a file that is served.
fn parts(path: &str) -> Option<Vec<String>> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts: Vec<String> = parts
        .map(|part| percent_decode_str(part).decode_utf8().map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .ok()?;
    let is_served = |part: &String| {
        let hidden = part.starts_with('.') && part != ".well-known";
        !hidden && !part.contains(['/', '\\', '\0', ':'])
    };
    parts.iter().all(is_served).then_some(parts)
}

fn encode(part: &str) -> String {
    percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
        .replace("%2E", ".")
        .replace("%5F", "_")
}

/// The page that says that there is nothing at `path`: that of the innermost folder which has one.
pub(super) fn not_found_page(folder: &Path, path: &str) -> Option<PathBuf> {
    let page_in = |inner: &Path| {
        let real = inner.join("404.html").canonicalize().ok()?;
        (real.starts_with(folder) && real.is_file()).then_some(real)
    };
    let mut inner = folder.to_path_buf();
    let mut page = page_in(&inner);
    // Inward, and no further than there are folders: a path that somebody made up has thousands of parts.
    for part in parts(path).unwrap_or_default() {
        inner.push(part);
        if !inner.is_dir() {
            break;
        }
        page = page_in(&inner).or(page);
    }
    page
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Found, find, find_below, is_too_long, not_found_page};

    #[test]
    fn nothing_outside_of_the_folder_and_nothing_hidden_is_found() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("public");
        fs::create_dir_all(folder.join("a b")).unwrap();
        fs::create_dir_all(folder.join(".git")).unwrap();
        for file in ["index.html", "a b/index.html", ".git/config", ".masthead-files", "404.html", "c.txt"] {
            fs::write(folder.join(file), "x").unwrap();
        }
        fs::write(outside.path().join("config.toml"), "secret").unwrap();
        std::os::unix::fs::symlink(outside.path().join("config.toml"), folder.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(folder.join("c.txt"), folder.join("inside.txt")).unwrap();
        let folder = folder.canonicalize().unwrap();
        let below = |path: &str| match find(&folder, path) {
            Found::File(_, below) => below,
            Found::Folder(to) => format!("-> {to}"),
            Found::Nothing => String::new(),
        };
        assert_eq!(below("/"), "index.html");
        assert_eq!(below("/a%20b"), "-> /a%20b/");
        assert_eq!(below("//a%20b"), "-> /a%20b/");
        assert_eq!(below("/a%20b/"), "a b/index.html");
        assert_eq!(below("/inside.txt"), "inside.txt");
        for no in [
            "/../config.toml",
            "/%2e%2e/config.toml",
            "/..%2fconfig.toml",
            "/..\\config.toml",
            "/a%20b/../../config.toml",
            "/.git/config",
            "/%2egit/config",
            "/.masthead-files",
            "/link.txt",
            "/c.txt/",
            "/c.txt%00.html",
            "/nothing",
            "/%ff",
            "/.",
            "/..",
            "//etc/passwd",
        ] {
            assert_eq!(below(no), "", "{no}");
        }
        assert_eq!(not_found_page(&folder, "/a%20b/nothing"), Some(folder.join("404.html")));
        assert_eq!(not_found_page(&folder, "/../../x"), Some(folder.join("404.html")));
    }

    #[test]
    fn the_innermost_folder_that_has_one_says_that_there_is_nothing() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("public");
        fs::create_dir_all(folder.join("fa/posts/one")).unwrap();
        fs::create_dir(outside.path().join("other")).unwrap();
        for page in ["public/404.html", "public/fa/404.html", "public/notes.txt", "other/404.html"] {
            fs::write(outside.path().join(page), "x").unwrap();
        }
        std::os::unix::fs::symlink(outside.path().join("other"), folder.join("out")).unwrap();
        let folder = folder.canonicalize().unwrap();
        for (path, page) in [
            ("/fa/nothing", "fa/404.html"),
            ("/fa/posts/one/two/three", "fa/404.html"),
            ("/fa/posts/%2e%2e/x", "404.html"),
            ("/nothing/fa/x", "404.html"),
            ("/notes.txt/x", "404.html"),
            ("/out/x", "404.html"),
            ("/", "404.html"),
        ] {
            assert_eq!(not_found_page(&folder, path), Some(folder.join(page)), "{path}");
        }
        fs::remove_file(folder.join("404.html")).unwrap();
        assert_eq!(not_found_page(&folder, "/nothing/x"), None);
    }

    #[test]
    fn a_path_of_very_many_parts_takes_no_longer_than_its_length() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("404.html"), "x").unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let deep = "/a".repeat(60_000);
        let started = std::time::Instant::now();
        assert_eq!(find_below(&folder, "/a", &deep), Found::Nothing);
        assert_eq!(not_found_page(&folder, &deep), Some(folder.join("404.html")));
        assert!(started.elapsed().as_secs() < 3, "{:?}", started.elapsed());
        assert!(is_too_long(&deep));
        assert!(!is_too_long(&format!("/{}", "%d9%85".repeat(2000))), "two thousand letters of Arabic");
    }

    #[test]
    fn below_the_path_of_its_address_the_site_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for made in ["archive", "paper"] {
            fs::create_dir(folder.path().join(made)).unwrap();
        }
        for file in ["index.html", "archive/index.html", "paper/notes.txt"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let folder = folder.path().canonicalize().unwrap();
        let found = |path: &str| match find_below(&folder, "/a/paper", path) {
            Found::File(_, below) => below,
            Found::Folder(to) => format!("-> {to}"),
            Found::Nothing => String::new(),
        };
        for (path, expected) in [
            ("/", "index.html"),
            ("/archive/", "archive/index.html"),
            ("/a/paper/", "index.html"),
            ("/a/paper", "-> /a/paper/"),
            ("/a/paper/archive", "-> /a/paper/archive/"),
            ("/a/paper/archive/", "archive/index.html"),
            ("/a/paper/paper/notes.txt", "paper/notes.txt"),
            ("/a/papers/", ""),
            ("/a/paper/a/paper/", ""),
            ("/a/paper/../archive/", ""),
        ] {
            assert_eq!(found(path), expected, "{path}");
        }
        let alone = |path: &str| find_below(&folder, "", path);
        assert_eq!(
            (alone("/a/paper/"), alone("/paper/notes.txt")),
            (Found::Nothing, find(&folder, "/paper/notes.txt"))
        );
        let in_persian = |path: &str| find_below(&folder, "/%D9%88%D8%B1%D9%82", path);
        for path in ["/%D9%88%D8%B1%D9%82/archive/", "/%d9%88%d8%b1%d9%82/archive/", "/%D9%88%d8%b1%D9%82/%61rchive/"] {
            assert_eq!(in_persian(path), find(&folder, "/archive/"), "{path}");
        }
        for path in ["/%d9%88%d8%b1%d9%82", "/%d9%88%d8%b1%d9%82/archive"] {
            let to = path.to_uppercase().replace("ARCHIVE", "archive") + "/";
            assert_eq!(in_persian(path), Found::Folder(to), "{path}");
        }
        for path in ["/%d9%88%d8%b1/archive/", "/%d9%88%d8%b1%d9%82%d9%88/archive/", "/%d9%88%d8%b1%d9%82%2farchive/"] {
            assert_eq!(in_persian(path), Found::Nothing, "{path}");
        }
        // What has that name stays where it was.
        assert_eq!(find_below(&folder, "/paper", "/paper/notes.txt"), find(&folder, "/paper/notes.txt"));
    }
}
