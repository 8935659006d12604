//! How much of an article a digest holds.

use std::borrow::Cow;

use crate::model::Detail;
use crate::templates::views::{ArticleView, IssueView};

/// Leaves in `view` what `detail` allows.
pub(super) fn cut(view: &mut IssueView<'_>, detail: Detail) {
    match detail {
        Detail::Articles => {}
        Detail::Leads => {
            let sections = view.sections.iter_mut().flat_map(|section| &mut section.articles);
            sections.chain(&mut view.standing).for_each(shorten);
        }
        Detail::Contents | Detail::Notice => {
            view.sections.clear();
            view.standing.clear();
            if detail == Detail::Notice {
                view.contents.clear();
            }
        }
    }
}

/// The standfirst alone where there is one, else the first paragraph. A body without a paragraph (a list, a table) has
/// no beginning to be shown.
fn shorten(article: &mut ArticleView<'_>) {
    let lead = if article.summary.is_some() { "" } else { first_paragraph(&article.body).unwrap_or_default() };
    if lead.len() < article.body.trim().len() {
        article.more = true;
        article.body = Cow::Owned(lead.to_owned());
    }
}

fn first_paragraph(html: &str) -> Option<&str> {
    let is_paragraph = |at: &usize| html.get(at + 2..).is_some_and(|rest| rest.starts_with(['>', ' ']));
    let start = html.match_indices("<p").map(|(at, _)| at).find(is_paragraph)?;
    let paragraph = html.get(start..)?;
    paragraph.get(..paragraph.find("</p>")? + "</p>".len())
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    #[test]
    fn the_first_paragraph_is_found() {
        assert_eq!(
            first_paragraph("<pre>x</pre><p lang=\"fa\">a <b>b</b></p><p>c</p>"),
            Some("<p lang=\"fa\">a <b>b</b></p>")
        );
        assert_eq!(first_paragraph("<ul><li>x</li></ul>"), None);
    }
}
