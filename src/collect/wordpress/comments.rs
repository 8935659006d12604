//! Links to the comments of posts, which are not published: they lead to the posts.

/// What stands before the number of a comment in the fragment of an address.
const NAMES: [&str; 3] = ["comment-", "div-comment-", "li-comment-"];

/// The address of the post that a link to one of its comments, or to a page of them, is about; `None` for any other link, and for
/// one within its own page.
pub(super) fn post_of(href: &str) -> Option<&str> {
    let (address, fragment) =
        href.split_once('#').map_or((href, None), |(address, fragment)| (address, Some(fragment)));
    let is_comment = |fragment: &str| {
        matches!(fragment, "comments" | "respond")
            || NAMES.iter().any(|name| fragment.strip_prefix(name).is_some_and(is_number))
    };
    let is_of_comments = fragment.is_some_and(is_comment);
    let page = address.trim_end_matches('/');
    let page = page.rsplit_once('/').filter(|(_, last)| last.strip_prefix("comment-page-").is_some_and(is_number));
    match page {
        Some((post, _)) => Some(&address[..=post.len()]),
        None => Some(address).filter(|address| is_of_comments && !address.is_empty()),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::post_of;

    #[test]
    fn links_to_comments_lead_to_posts() {
        for (href, post) in [
            ("https://old.example/a/#comment-3", Some("https://old.example/a/")),
            ("/?p=4#respond", Some("/?p=4")),
            ("https://old.example/a/comment-page-2/#comment-3", Some("https://old.example/a/")),
            ("https://old.example/a/comment-page-2", Some("https://old.example/a/")),
            ("#comment-3", None),
            ("https://old.example/a/#comment-on-ink", None),
            ("https://old.example/a/", None),
        ] {
            assert_eq!(post_of(href), post, "{href}");
        }
    }
}
