//! What stands in an entry: text that XML allows, and markup drawn by the templates that web, PDF and mail share.

use std::borrow::Cow;

use crate::error::Result;
use crate::model::{Issue, Language, Post, Publication, Style};
use crate::templates::Templates;
use crate::templates::views::{Addresses, ArticlePlace, ArticleView, IssueView, Locale, issue_name};

/// The text without the characters that XML 1.0 (section 2.2, `Char`) does not allow.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    let allowed =
        |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.chars().all(|c| allowed(&c)) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(allowed).collect())
    }
}

/// Draws the contents of entries of one publication, with absolute addresses.
pub(super) struct Content<'a> {
    publication: &'a Publication,
    templates: &'a Templates,
    assets: String,
}

impl<'a> Content<'a> {
    pub(super) fn new(publication: &'a Publication, templates: &'a Templates) -> Self {
        Self { publication, templates, assets: publication.url("assets/") }
    }

    /// For entries in `language`; keep it for many.
    pub(super) fn locale<'l>(&'l self, language: &'l Language) -> Locale<'l> {
        Locale::new(language, self.publication, self.templates.strings())
    }

    /// The whole of a post: the picture that leads it, the text, and where it came from. Its title is the entry's.
    pub(super) fn post(&self, post: &Post, locale: &Locale<'_>) -> Result<String> {
        let place = ArticlePlace { level: 1, anchor: "", style: Style::Articles };
        let view = ArticleView::new(post, place, &self.addresses(""), locale);
        Ok(self.templates.render("feed/post", &view)?.trim_end().to_owned())
    }

    /// The title of an issue that stands at `url`, and the whole of it: its introduction, its contents list, and its
    /// articles.
    pub(super) fn issue(&self, issue: &Issue, url: &str) -> Result<(String, String)> {
        let (language, calendar) = (&issue.series.language, issue.series.calendar);
        let locale = Locale::by_calendar(language, calendar, self.publication, self.templates.strings());
        let name = issue_name(issue, &locale);
        let title = issue.title.as_ref().map_or_else(|| name.clone(), |own| format!("{name}: {own}"));
        let view = IssueView::new(issue, &self.addresses(url), &locale);
        Ok((title, self.templates.render("feed/issue", &view)?))
    }

    fn addresses<'p>(&'p self, page: &'p str) -> Addresses<'p> {
        let base_url = self.publication.base_url.as_str();
        Addresses { base_url, root: base_url, assets: &self.assets, page }
    }
}
