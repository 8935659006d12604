//! Links to posts for members only, which stand nowhere on the web: outputs leave them out, and this says so.

use std::collections::BTreeSet;

use super::session::Session;
use super::shelf::{EDITORIAL, Shelf};
use super::site;
use crate::assemble::members::{Members, ours};
use crate::error::{Place, Warning};
use crate::model::{Issue, Origin, Post};

/// The source of standing articles, which have no pages.
const STANDING: &str = "standing";

/// An issue with what it knows of addresses at which nothing stands, and what there is to say of its links to them.
pub(super) fn settle<'p>(
    issue: Issue,
    members: &Members<'_>,
    posts: impl Iterator<Item = &'p Post>,
) -> (Issue, Vec<Warning>) {
    let issue = Issue { nowhere: members.out_of_reach(&issue, posts), ..issue };
    let mut told = told(issue.articles().map(|article| &article.post), &issue.nowhere, &issue.publication.base_url);
    let of_intro = issue.intro.iter().flat_map(|intro| ours(intro, &issue.publication.base_url));
    let of_intro: Vec<String> = of_intro.filter(|address| issue.nowhere.contains(address)).collect();
    told.extend(left_out(&of_intro).map(|warning| warning.at(Place::file(Shelf::shown(&issue.key, EDITORIAL)))));
    (issue, told)
}

/// Tells of the pages of posts of ours to which an issue leads, by links or as those of its articles, and at which none stands
/// any more: `None` where there are none.
pub(super) fn gone(session: &Session, issue: &Issue, posts: &[Post]) -> Option<Warning> {
    let base_url = &issue.publication.base_url;
    let standing: BTreeSet<&str> =
        posts.iter().filter(|post| site::is_out(session, post)).flat_map(Post::addresses).collect();
    let of_articles = issue.articles().filter(|article| {
        article.post.origin == Origin::Own && !article.for_members && article.post.source != STANDING
    });
    let mut led_to: BTreeSet<String> = of_articles.map(|article| article.post.address.clone()).collect();
    led_to.extend(issue.markup().flat_map(|html| ours(html, base_url)).filter(|address| {
        let path = address.strip_prefix(base_url.as_str()).unwrap_or_default();
        // What else stands on the site is not known here.
        path.starts_with("posts/") || path.split_once('/').is_some_and(|(_, rest)| rest.starts_with("posts/"))
    }));
    led_to.retain(|address| !standing.contains(address.as_str()) && !issue.nowhere.contains(address));
    let first = led_to.first()?;
    let message = match led_to.len() {
        1 => format!("{} leads to `{first}`, where no post stands any more", issue.key),
        many => format!("{} leads to {many} pages where no post stands any more; the first is `{first}`", issue.key),
    };
    Some(Warning::new(message).hint(format!(
        "bring the post back, or mend the link and freeze it again: `masthead issue amend {}`",
        issue.key.argument()
    )))
}

/// A warning for each post that links to addresses of `nowhere`.
pub(super) fn told<'p>(
    posts: impl Iterator<Item = &'p Post>,
    nowhere: &BTreeSet<String>,
    base_url: &str,
) -> Vec<Warning> {
    if nowhere.is_empty() {
        return Vec::new();
    }
    let warning = |post: &Post| {
        let links: Vec<String> = ours(&post.body, base_url).filter(|address| nowhere.contains(address)).collect();
        Some(left_out(&links)?.at(Place::file(post.file.clone())))
    };
    posts.filter_map(warning).collect()
}

/// What is said of these links, which are left out; `None` where there are none.
fn left_out(links: &[String]) -> Option<Warning> {
    let first = links.first()?;
    let message = match links.len() {
        1 => format!("the link to `{first}` is left out, its words stay: that post is for members only"),
        many => {
            format!("{many} links to posts for members only are left out, their words stay; the first is to `{first}`")
        }
    };
    let hint =
        "what is for members only has no page on the web; with `public: true` in its front matter a post has one";
    Some(Warning::new(message).hint(hint))
}
