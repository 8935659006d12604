//! Archives of whole blogs, as Blogger writes them: posts among pages, comments, settings and templates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::wire::{Item, Kind};
use crate::collect::{Counted, Gathered, LeftOut};
use crate::config::{Source, SourceKind};
use crate::error::{Place, Warning};

/// Takes the posts of an archive, and counts what else it holds. Any other feed is as it was.
pub(super) fn posts<'a>(
    mut items: Vec<Item<'a>>,
    source: &Source,
    file: &Path,
    gathered: &mut Gathered,
) -> Vec<Item<'a>> {
    // The feed of a blog's comments has nothing else: whoever asks for that wants them.
    let is_archive = items.iter().any(|item| !matches!(item.archived.kind, Kind::Comment));
    let has_pages = matches!(source.kind, SourceKind::Feed { pages: true, .. });
    let is_post = |item: &Item<'_>| match item.archived.kind {
        Kind::Post => true,
        Kind::Page => has_pages,
        Kind::Comment => !is_archive,
        Kind::Setting => false,
    };
    if items.iter().all(|item| is_post(item) && item.archived.status.is_empty()) {
        return items;
    }
    let has_no_site = |item: &Item<'_>| item.link.starts_with('/') && item.archived.path == item.link;
    if items.iter().any(has_no_site) {
        let message = "the archive does not say at which address its blog stood; its posts have pages of ours";
        let hint = "`base_url` of this source says it";
        gathered.warnings.push(Warning::new(message).at(Place::file(file)).hint(hint));
        items.iter_mut().filter(|item| has_no_site(item)).for_each(|item| item.link = Cow::Borrowed(""));
    }
    let mut answers: BTreeMap<String, u32> = BTreeMap::new();
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut posts = Vec::with_capacity(items.len());
    for mut item in items {
        if !is_post(&item) {
            *counts.entry(item.archived.kind).or_default() += 1;
            if matches!(&*item.archived.status, "" | "LIVE") && !item.archived.answers.is_empty() {
                *answers.entry(item.archived.answers.to_string()).or_default() += 1;
            }
            continue;
        }
        item.is_draft |= item.archived.status == "DRAFT";
        match refusal(&item) {
            None => posts.push(item),
            Some(reason) => {
                gathered.files_found += 1;
                gathered.left_out.push(LeftOut { file: file.to_path_buf(), reason });
            }
        }
    }
    for item in &mut posts {
        if let (None, Some(count)) = (item.comments.count, answers.get(&*item.id)) {
            item.comments.count = Some(*count);
        }
    }
    gathered.counted.extend(counts.into_iter().map(|(kind, count)| counted(file, kind, count)));
    posts
}

/// Why a post is not public, where its status says so. One that is scheduled is taken: its date is still to come, or has come
/// since.
fn refusal(item: &Item<'_>) -> Option<String> {
    let what = match &*item.archived.status {
        // By when it was first seen it would be dated, and be public at once.
        "SCHEDULED" if item.published.text.is_empty() => "is scheduled, and has no date".to_owned(),
        "" | "LIVE" | "DRAFT" | "SCHEDULED" => return None,
        "SOFT_TRASHED" => "is in the bin".to_owned(),
        status => format!("has the status `{status}`, not `LIVE`"),
    };
    Some(format!("`{}` {what}", item.title.value.trim()))
}

fn counted(file: &Path, kind: Kind, count: usize) -> Counted {
    let (kind, reason) = match kind {
        Kind::Post => ("post", "a post"),
        Kind::Page => ("page", "a page; `pages = true` takes pages as posts"),
        Kind::Comment => ("comment", "comments are not published"),
        Kind::Setting => ("setting", "a setting or a template of the blog"),
    };
    Counted { file: file.to_path_buf(), kind: kind.to_owned(), count, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::collect::tests::{config, now};
    use crate::collect::{Collected, collect};
    use crate::config::SourceKind;

    fn read(entries: &str, pages: bool) -> Collected {
        let (collected, warnings) = read_of(entries, pages, Some("https://blog.example/"));
        assert_eq!(warnings, Vec::<String>::new());
        collected
    }

    fn read_of(entries: &str, pages: bool, site: Option<&str>) -> (Collected, Vec<String>) {
        let root = tempfile::tempdir().unwrap();
        let feed = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018' \
             xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:app='http://www.w3.org/2007/app'>\
             <title>Blog</title>{entries}</feed>"
        );
        std::fs::write(root.path().join("feed.atom"), feed).unwrap();
        let mut config =
            config(root.path(), vec![("blog", SourceKind::Feed { location: "feed.atom".to_owned(), pages })]);
        config.sources[0].base_url = site.map(str::to_owned);
        let read = collect(&config, now()).unwrap();
        (read.value, read.warnings.iter().map(ToString::to_string).collect())
    }

    fn found(collected: &Collected) -> (Vec<&str>, Vec<(&str, usize)>) {
        let posts = collected.posts.iter().filter(|post| !post.draft).map(|post| post.title.as_str()).collect();
        (posts, collected.counted.iter().map(|one| (one.kind.as_str(), one.count)).collect())
    }

    /// An entry as Blogger wrote it until 2025.
    fn old(id: &str, kind: &str, more: &str) -> String {
        format!(
            "<entry><id>{id}</id><title>T {id}</title><published>2026-07-01T10:00:00Z</published><content>{id}</content>{more}\
             <category scheme='http://schemas.google.com/g/2005#kind' \
             term='http://schemas.google.com/blogger/2008/kind#{kind}'/></entry>"
        )
    }

    /// An entry as it is in Google's Takeout since then.
    fn new(id: &str, kind: &str, status: &str, more: &str) -> String {
        format!(
            "<entry><id>{id}</id><blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status><author>\
             <name>Jane</name><blogger:type>BLOGGER</blogger:type></author><title>T {id}</title><content>{id}</content>{more}\
             <published>2026-07-01T10:00:00Z</published><link/><enclosure/></entry>"
        )
    }

    #[test]
    fn posts_of_an_archive_are_told_from_what_else_it_holds() {
        let answers = "<thr:in-reply-to ref='p1'/>";
        let tag = "<category scheme='http://www.blogger.com/atom/ns#' term='ink'/>";
        let draft = "<app:control><app:draft>yes</app:draft></app:control>";
        let entries = [
            old("t", "template", ""),
            old("s", "settings", ""),
            old("p1", "post", tag),
            old("p2", "post", draft),
            old("a", "page", ""),
            old("c1", "comment", answers),
            old("c2", "comment", answers),
        ];
        let collected = read(&entries.concat(), false);
        assert_eq!(found(&collected), (vec!["T p1"], vec![("page", 1), ("comment", 2), ("setting", 2)]));
        assert_eq!(
            (collected.posts[0].tags.as_slice(), collected.comments[&collected.posts[0].id]),
            (&["ink".to_owned()][..], 2)
        );
        assert_eq!(found(&read(&entries.concat(), true)).0, ["T p1", "T a"]);
        assert_eq!(read(&entries[5..].concat(), false).posts.len(), 2, "the feed of a blog's comments");
    }

    #[test]
    fn takeouts_say_where_posts_stood_and_what_became_of_them() {
        let answers = "<blogger:parent>p1</blogger:parent>";
        let entries = [
            new("p1", "POST", "LIVE", "<blogger:filename>/2026/07/a.html</blogger:filename>"),
            new("p2", "POST", "DRAFT", "<blogger:filename/>"),
            new("p3", "POST", "SOFT_TRASHED", ""),
            new("a", "PAGE", "LIVE", ""),
            new("c1", "COMMENT", "LIVE", answers),
            new("c2", "COMMENT", "SPAM_COMMENT", answers),
        ];
        let collected = read(&entries.concat(), false);
        assert_eq!(found(&collected), (vec!["T p1"], vec![("page", 1), ("comment", 2)]));
        let post = &collected.posts[0];
        assert_eq!((&*post.address, collected.comments[&post.id]), ("https://blog.example/2026/07/a.html", 1));
        assert_eq!((collected.left_out.len(), &*collected.left_out[0].reason), (1, "`T p3` is in the bin"));
        assert_eq!(collected.files_found, 3);
    }

    #[test]
    fn an_archive_of_paths_asks_for_their_site_once() {
        let entries = ["a", "b"].map(|name| {
            new(name, "POST", "LIVE", &format!("<blogger:filename>/2026/07/{name}.html</blogger:filename>"))
        });
        let (collected, warnings) = read_of(&entries.concat(), false, None);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("does not say at which address"), "{warnings:?}");
        assert!(collected.posts.iter().all(crate::model::Post::has_page_of_ours));
    }

    #[test]
    fn what_is_scheduled_without_a_date_waits() {
        let scheduled = new("p1", "POST", "SCHEDULED", "");
        let collected = read(&scheduled.replace("<published>2026-07-01T10:00:00Z</published>", "<published/>"), false);
        assert_eq!(
            (collected.posts.len(), &*collected.left_out[0].reason),
            (0, "`T p1` is scheduled, and has no date")
        );
        assert_eq!(read(&scheduled, false).posts.len(), 1);
    }

    #[test]
    fn titles_of_blogger_are_html() {
        let title = |id: &str| {
            let entry = old(id, "post", "").replace(&format!("T {id}"), "Tom &amp;amp; Ann&amp;#39;s");
            read(&entry, false).posts[0].title.clone()
        };
        assert_eq!(title("tag:blogger.com,1999:blog-1.post-2"), "Tom & Ann's");
        assert_eq!(title("tag:press.example,2026:1"), "Tom &amp; Ann&#39;s");
    }
}
