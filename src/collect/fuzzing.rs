//! Doors for the fuzz targets in fuzz/, and for tests: what they must reach, and no program does alone.

use std::path::Path;

use super::links::LinkIndex;
use super::sanitise::{Addresses, Context, Sanitiser, Shown};
use super::{body, dialect, front};
use crate::error::Warning;

/// Reads the front matter of a file. Gives where the body begins, in bytes, and what was told.
#[must_use]
pub fn front_matter(text: &str) -> (usize, Vec<Warning>) {
    let mut warnings = Vec::new();
    let parsed = front::parse(text, Path::new("post.md"), &mut warnings);
    (parsed.body_start, warnings)
}

/// Sanitises HTML from elsewhere.
#[must_use]
pub fn sanitised(html: &str) -> String {
    Sanitiser::new().foreign(html, CONTEXT, &mut Web::default()).as_str().to_owned()
}

/// Writes the body of a post as HTML; `mdx` when it holds components.
#[must_use]
pub fn body(text: &str, mdx: bool) -> String {
    let expanded = dialect::expand(text, &[("title".to_owned(), "A title".to_owned())], mdx);
    let written = body::to_html(&expanded.text, expanded.lacks_include);
    let html = if written.holds_raw_html {
        Sanitiser::new().foreign(&written.html, CONTEXT, &mut Web::default())
    } else {
        Sanitiser::balanced(&written.html, CONTEXT, &mut Web::default())
    };
    html.as_str().to_owned()
}

const PAGE: &str = "https://example.org/posts/post/";
const CONTEXT: Context<'static> = Context { prefix: "post", title: Some("A title") };

/// Addresses as of a page that stands alone.
struct Web(LinkIndex);

impl Default for Web {
    fn default() -> Self {
        Self(LinkIndex::new(vec![PAGE.to_owned()]))
    }
}

impl Addresses for Web {
    fn link(&mut self, href: &str) -> Option<String> {
        self.0.resolve(href, "", PAGE)
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        self.link(src).map(|src| Shown { src, size: None })
    }
}
