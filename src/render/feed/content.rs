//! What stands in an entry: text that XML allows, and markup drawn by the templates that web, PDF and mail share.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::{Issue, Language, Post, Publication, Style};
use crate::templates::Templates;
use crate::templates::landing::Landing;
use crate::templates::views::{Addresses, ArticlePlace, ArticleView, IssueView, Locale, issue_name};

/// The text without the characters that XML 1.0 (section 2.2, `Char`) does not allow.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    let allowed =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    // Few others have one of the bytes that these begin with: looked for many at a time.
    let may_hold = |bytes: &[u8]| {
        bytes.iter().fold(false, |found, byte| found | matches!(byte, 0..=8 | 0xb..=0xc | 0xe..=0x1f | 0xef))
    };
    if !text.as_bytes().chunks(64).any(may_hold) || text.chars().all(|c| allowed(&c)) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(allowed).collect())
    }
}

/// Markup in which links within the page lead to the page itself, at `page`: in a reader of feeds there is no page, and
/// its ids are taken away.
fn with_whole_links(html: &str, page: &str) -> String {
    const LINK: &str = " href=\"#";
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), LINK.as_bytes()) {
        let (before, link) = rest.split_at(at);
        out.push_str(before);
        // In text `<` is written as a reference: the last one begins a tag, which has not ended if no `>` follows.
        let tag = out.rfind('<').filter(|open| !out[*open..].contains('>'));
        rest = link;
        if tag.is_some_and(|open| out[open..].starts_with("<a")) {
            out.extend([" href=\"", &escaped(page)]);
            rest = &link[LINK.len() - 1..];
        } else {
            out.push_str(&link[..LINK.len()]);
            rest = &rest[LINK.len()..];
        }
    }
    out.push_str(rest);
    out
}

fn escaped(address: &str) -> String {
    address.replace('&', "&amp;").replace('"', "&quot;")
}

/// Draws the contents of entries of one publication, with absolute addresses.
pub(super) struct Content<'a> {
    publication: &'a Publication,
    templates: &'a Templates,
    assets: String,
    landing: Landing<'a>,
}

impl<'a> Content<'a> {
    /// Links to the addresses of `nowhere` are left out.
    pub(super) fn new(publication: &'a Publication, nowhere: &'a BTreeSet<String>, templates: &'a Templates) -> Self {
        let landing = Landing::on_the_web(&publication.base_url, nowhere);
        Self { publication, templates, assets: publication.url("assets/"), landing }
    }

    /// For entries in `language`; keep it for many.
    pub(super) fn locale<'l>(&'l self, language: &'l Language) -> Locale<'l> {
        Locale::new(language, self.publication, self.templates.strings())
    }

    /// The whole of a post: the picture that leads it, the text, and where it came from. Its title is the entry's.
    pub(super) fn post(&self, post: &Post, locale: &Locale<'_>) -> Result<String> {
        let place = ArticlePlace { level: 1, anchor: "", style: Style::Articles };
        let view = ArticleView::new(post, place, &self.addresses(""), locale).with_code_marked();
        Ok(with_whole_links(self.templates.render("feed/post", &view)?.trim_end(), &post.address))
    }

    /// The title of an issue that stands at `url`, and the whole of it: its introduction, its contents list, and its
    /// articles.
    pub(super) fn issue(&self, issue: &Issue, url: &str) -> Result<(String, String)> {
        let (language, calendar) = (&issue.series.language, issue.series.calendar);
        let locale = Locale::by_calendar(language, calendar, self.publication, self.templates.strings());
        let name = issue_name(issue, &locale);
        let title = issue.title.as_ref().map_or_else(|| name.clone(), |own| format!("{name}: {own}"));
        let view = IssueView::new(issue, &self.addresses(url), &locale).with_code_marked();
        Ok((title, with_whole_links(&self.templates.render("feed/issue", &view)?, url)))
    }

    fn addresses<'p>(&'p self, page: &'p str) -> Addresses<'p> {
        let base_url = self.publication.base_url.as_str();
        Addresses { base_url, root: base_url, assets: &self.assets, page, landing: Some(&self.landing) }
    }
}

#[cfg(test)]
mod tests {
    use super::with_whole_links;

    #[test]
    fn links_within_the_page_lead_to_the_page() {
        let html = "<p><a href=\"#a\">x</a> <code>&lt;a href=\"#b\"></code> <a title=\"t\" href=\"#c\">y</a></p>";
        assert_eq!(
            with_whole_links(html, "https://e.example/?p=1&q"),
            "<p><a href=\"https://e.example/?p=1&amp;q#a\">x</a> <code>&lt;a href=\"#b\"></code> \
             <a title=\"t\" href=\"https://e.example/?p=1&amp;q#c\">y</a></p>"
        );
    }
}
