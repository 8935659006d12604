//! Links from one post to a part of another, settled when both are written: a heading has another id where its text came from.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::collect::sanitise::{Headings, is_top, relinked};
use crate::error::{Place, Warning};
use crate::model::{Html, Post};

/// Leads such links to the headings that they mean, and to the page where there is none, which is told.
pub(super) fn settle(posts: &mut [(Post, Vec<Warning>)]) {
    let headings: Vec<OnceLock<Headings>> = posts.iter().map(|_| OnceLock::new()).collect();
    let by_address: HashMap<&str, usize> =
        posts.iter().enumerate().map(|(index, (post, _))| (post.address.as_str(), index)).collect();
    let settle_one = |(post, _): &(Post, Vec<Warning>)| {
        let mut lost = Vec::new();
        let body = relinked(&post.body, &mut |href| {
            let (address, id) = href.split_once('#')?;
            let index = *by_address.get(address)?;
            let target = &posts.get(index)?.0;
            let headings = headings.get(index)?.get_or_init(|| Headings::of(&target.body));
            let fragment = id.strip_prefix(target.prefix()).and_then(|rest| rest.strip_prefix("--")).unwrap_or(id);
            if headings.has(id) {
                return None;
            }
            if let Some(meant) = headings.meant(fragment) {
                return Some(format!("{address}#{meant}"));
            }
            if !is_top(fragment) {
                lost.push(format!("`#{fragment}` of `{}`", target.file.display()));
            }
            Some(address.to_owned())
        });
        body.map(|body| (body, lost))
    };
    let settled: Vec<Option<(Html, Vec<String>)>> = posts.par_iter().map(settle_one).collect();
    let lost: usize = settled.iter().flatten().map(|(_, lost)| lost.len()).sum();
    let mut is_told = false;
    for ((post, warnings), settled) in posts.iter_mut().zip(settled) {
        let Some((body, of_post)) = settled else { continue };
        post.body = body;
        if let Some(first) = of_post.first().filter(|_| !is_told) {
            is_told = true;
            warnings.push(told(post, first, lost));
        }
    }
}

/// One warning for all such links: a site whose headings a program of its own names has them in every post.
fn told(post: &Post, first: &str, count: usize) -> Warning {
    let message = match count {
        1 => format!("{first}, which is linked to, is no heading there; the link leads to its page"),
        many => {
            let others = many - 1;
            format!(
                "{first} and {others} more parts that posts link to are no headings there; the links lead to their pages"
            )
        }
    };
    Warning::new(message).at(Place::file(&post.file))
}
