//! How much of an article a digest holds.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::Detail;
use crate::templates::views::{ArticleView, ContentsPartView, IssueView, first_paragraph};

/// What of an issue a digest has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) detail: Detail,
    /// How many titles stand in its contents list.
    pub(super) titles: usize,
}

impl Extent {
    /// Whether its articles are left out.
    pub(super) fn is_cut(self) -> bool {
        self.detail >= Detail::Contents
    }
}

/// Leaves in `view` what has room.
pub(super) fn cut(view: &mut IssueView<'_>, extent: Extent) {
    match extent.detail {
        Detail::Articles => {}
        Detail::Leads => {
            let sections = view.sections.iter_mut().flat_map(|section| &mut section.articles);
            sections.chain(&mut view.standing).for_each(shorten);
        }
        Detail::Contents | Detail::Notice => {
            view.sections.clear();
            view.standing.clear();
            shorten_contents(&mut view.contents, extent.titles);
        }
    }
}

/// Leaves the first `titles` of a contents list, and no heading without one.
fn shorten_contents(contents: &mut Vec<ContentsPartView<'_>>, titles: usize) {
    let mut left = titles;
    contents.retain_mut(|part| {
        part.entries.truncate(left);
        left -= part.entries.len();
        !part.entries.is_empty()
    });
}

/// The standfirst alone, of an article that can be read elsewhere, where there is one, else the first paragraph. A body without a paragraph (a list, a table) has
/// no beginning to be shown.
fn shorten(article: &mut ArticleView<'_>) {
    if !article.paged {
        return;
    }
    let lead = if article.summary.is_some() { "" } else { first_paragraph(&article.body).unwrap_or_default() };
    if lead.len() < article.body.trim().len() {
        article.more = true;
        article.body = Cow::Owned(with_links_out(lead, article.anchor, &article.link));
    }
}

/// Links into the part that is left out of the article `anchor` lead to its own page instead; its ids begin with its name.
fn with_links_out(lead: &str, anchor: &str, page: &str) -> String {
    const LINK: &str = "href=\"#";
    let mut out = String::with_capacity(lead.len());
    let mut rest = lead;
    while let Some((before, after)) = rest.split_once(LINK) {
        let (fragment, after) = after.split_once('"').unwrap_or((after, ""));
        out.push_str(before);
        let is_own = fragment.strip_prefix(anchor).is_some_and(|rest| rest.starts_with('-'));
        if !is_own || lead.contains(&format!("id=\"{fragment}\"")) {
            let _ = write!(out, "{LINK}{fragment}\"");
        } else {
            let _ = write!(out, "href=\"{}\"", handlebars::html_escape(page));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::with_links_out;

    #[test]
    fn links_of_what_is_shown_lead_somewhere() {
        assert_eq!(
            with_links_out(
                "<p>a <a href=\"#i-x\">b</a> <sup id=\"i-y\"><a href=\"#i-y\">c</a></sup> <a href=\"#press\">d</a></p>",
                "i",
                "https://a.example/?b&c"
            ),
            "<p>a <a href=\"https://a.example/?b&amp;c\">b</a> <sup id=\"i-y\"><a href=\"#i-y\">c</a></sup> <a href=\"#press\">d</a></p>"
        );
    }
}
