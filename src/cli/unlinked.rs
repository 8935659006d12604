//! Links to posts for members only, which stand nowhere on the web: outputs leave them out, and this says so.

use std::collections::BTreeSet;

use super::session::Session;
use super::site;
use crate::assemble::members::{Members, ours};
use crate::config::Config;
use crate::error::{Place, Warning};
use crate::model::{Issue, Post};

/// The addresses of those posts that are for members only.
pub(super) fn nowhere<'p>(posts: impl Iterator<Item = &'p Post>, members: &Members<'_>) -> BTreeSet<String> {
    posts.filter(|post| members.keep_off_the_web(post)).map(|post| post.address.clone()).collect()
}

/// An issue with what it knows of addresses at which nothing stands, and what there is to say of its links to them.
pub(super) fn settle(issue: Issue, members: &Members<'_>, posts: &[Post]) -> (Issue, Vec<Warning>) {
    let issue = Issue { nowhere: members.out_of_reach(&issue, posts), ..issue };
    let told = told(issue.articles().map(|article| &article.post), &issue.nowhere, &issue.publication.base_url);
    (issue, told)
}

/// Says which posts that are on the web link to others that are not.
pub(super) fn check(session: &mut Session, config: &Config, posts: &[Post], issues: &[&Issue]) {
    let members = site::members(config, issues.iter().copied());
    let out = || posts.iter().filter(|post| site::is_out(session, post));
    let nowhere = nowhere(out(), &members);
    let told = told(out().filter(|post| !members.alone_have(post)), &nowhere, &config.publication.base_url);
    session.warnings.extend(told);
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
        let mut links = ours(&post.body, base_url).filter(|address| nowhere.contains(address));
        let first = links.next()?;
        let message = match links.count() {
            0 => format!("the link to `{first}` is left out, its words stay: that post is for members only"),
            more => format!(
                "{} links to posts for members only are left out, their words stay; the first is to `{first}`",
                more + 1
            ),
        };
        let hint =
            "what is for members only has no page on the web; with `public: true` in its front matter a post has one";
        Some(Warning::new(message).at(Place::file(post.file.clone())).hint(hint))
    };
    posts.filter_map(warning).collect()
}
