//! What collected/ keeps of posts from elsewhere, looked at again before it is published: files that anybody may have changed,
//! and that an older version of this program may have written, are not believed.

use std::borrow::Cow;
use std::path::{Component, Path};

use url::Url;

use super::addressed::{links_with_user, out_of_reach, without_user, words_without_user};
use super::kept::{ENCLOSURES, PICTURES};
use super::sanitise::{Addresses, Context, Sanitiser, Shown, is_asset, is_on_the_web};
use crate::config::AllowPrivate;
use crate::model::{Asset, Post};

/// Looks at a post again and mends it; `site` is the publication's own address. Gives what was wrong with it, as the end of
/// "the post `…` …".
pub(super) fn mended(post: &mut Post, site: &str, allow: &AllowPrivate, sanitiser: &Sanitiser) -> Vec<String> {
    let mut wrong = Vec::new();
    let context = Context { prefix: &post.slug, title: None };
    if links_with_user(post.body.as_str()) {
        wrong.push("links to addresses with a user or a password in them; these were taken out".to_owned());
        post.body = sanitiser.foreign(&words_without_user(post.body.as_str()), context, &mut AsKept);
    } else if let Some(body) = sanitiser.again(&post.body, context, &mut AsKept) {
        wrong.push("is not as the sanitiser writes it; it was sanitised again".to_owned());
        post.body = body;
    }
    if !is_on_the_web(&post.address) {
        wrong.push(format!(
            "has the address `{}`, which is none on the web; the publication's stands for it",
            post.address
        ));
        site.clone_into(&mut post.address);
    }
    if let Some(place) = post.first_place.take_if(|place| !is_on_the_web(&place.address)) {
        wrong.push(format!(
            "stood first at `{}`, which is no address on the web; its address stands for it",
            place.address
        ));
    }
    for address in addresses(post) {
        if let Cow::Owned(without) = without_user(address) {
            wrong.push(format!("has the address `{without}` with a user or a password in it; these were taken out"));
            *address = without;
        }
    }
    post.enclosures.retain(|file| {
        let beyond = Url::parse(&file.address).ok().and_then(|url| out_of_reach(&url, allow));
        wrong.extend(
            beyond.iter().map(|what| format!("has a file at {what} that readers do not reach; it is left out")),
        );
        beyond.is_none()
    });
    let mut gone = |kind: &str, address: &str| {
        wrong.push(format!("has {kind} at `{address}`, which is no address on the web; it is left out"));
    };
    post.picture =
        post.picture.take().filter(|picture| is_shown(&picture.src) || told(&mut gone, "a picture", &picture.src));
    post.enclosures.retain_mut(|file| {
        file.kept = file.kept.take().filter(|kept| is_asset(kept) || told(&mut gone, "a copy of a file", kept));
        is_shown(&file.address) || told(&mut gone, "a file", &file.address)
    });
    if let Some(credit) = &mut post.credit {
        credit.url = credit.url.take().filter(|url| is_on_the_web(url) || told(&mut gone, "a source", url));
    }
    let particulars = &mut post.particulars;
    for (kind, address) in [
        ("a transcript", &mut particulars.transcript),
        ("chapters", &mut particulars.chapters),
        ("comments", &mut particulars.comments),
        ("comments", &mut particulars.comment_feed),
    ] {
        if !address.is_empty() && !is_on_the_web(address) {
            gone(kind, address);
            address.clear();
        }
    }
    post.assets.retain(|asset| {
        let is_kept = is_kept(asset);
        if !is_kept {
            let (name, file) = (&asset.name, asset.file.display());
            wrong.push(format!("names `{file}` as its file `{name}`, which is none of the files kept; it is left out"));
        }
        is_kept
    });
    wrong
}

/// The addresses of a post, but for those of its pictures.
fn addresses(post: &mut Post) -> impl Iterator<Item = &mut String> {
    let particulars = &mut post.particulars;
    let of_particulars = [
        &mut particulars.transcript,
        &mut particulars.chapters,
        &mut particulars.comments,
        &mut particulars.comment_feed,
    ];
    let credit = post.credit.iter_mut().filter_map(|credit| credit.url.as_mut());
    let files = post.enclosures.iter_mut().map(|file| &mut file.address);
    let first = post.first_place.iter_mut().map(|place| &mut place.address);
    std::iter::once(&mut post.address).chain(first).chain(credit).chain(files).chain(of_particulars)
}

/// Says that something is left out.
fn told(gone: &mut impl FnMut(&str, &str), kind: &str, address: &str) -> bool {
    gone(kind, address);
    false
}

fn is_shown(address: &str) -> bool {
    is_on_the_web(address) || is_asset(address)
}

/// Whether a file is one of those that are kept beside the posts: no other is published, wherever it lies.
pub(super) fn is_kept(asset: &Asset) -> bool {
    let folder = [PICTURES, ENCLOSURES].into_iter().find_map(|folder| asset.file.strip_prefix(folder).ok());
    let is_plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    folder.is_some_and(is_plain) && is_asset(&format!("assets/{}", asset.name))
}

/// Addresses that were resolved before they were kept.
struct AsKept;

impl Addresses for AsKept {
    fn link(&mut self, href: &str) -> Option<String> {
        Some(without_user(href).into_owned())
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        is_shown(src).then(|| Shown { src: src.to_owned(), size: None })
    }
}

#[cfg(test)]
mod tests {
    use super::mended;
    use crate::collect::sanitise::Sanitiser;
    use crate::config::AllowPrivate;
    use crate::model::Post;

    fn post(change: &serde_json::Value) -> Post {
        let mut json = serde_json::json!({
            "id": "a", "source": "s", "origin": "elsewhere", "file": "feed.xml", "slug": "a",
            "address": "https://a.example/1", "language": "en", "title": "A", "first_seen": "2026-07-01T00:00:00Z",
            "body": "<p>A <a href=\"https://a.example/b\">b</a> <img src=\"assets/0a.png\" alt=\"\" width=\"3\" height=\"2\"></p>",
            "picture": {"src": "assets/0a.png"},
            "assets": [{"name": "0a.png", "sha256": "0a", "file": "collected/pictures/0a.png", "media_type": "image/png", "length": 1}],
        });
        for (key, value) in change.as_object().unwrap() {
            json[key] = value.clone();
        }
        serde_json::from_value(json).unwrap()
    }

    fn mend(change: &serde_json::Value) -> (Post, Vec<String>) {
        let mut post = post(change);
        let wrong = mended(&mut post, "https://our.example/", &AllowPrivate::Nobody, &Sanitiser::new());
        (post, wrong)
    }

    #[test]
    fn what_was_kept_as_it_should_be_stays() {
        let (kept, wrong) = mend(&serde_json::json!({}));
        assert_eq!((wrong, kept), (vec![], post(&serde_json::json!({}))));
    }

    #[test]
    fn what_is_no_reader_s_business_goes() {
        let (post, wrong) = mend(&serde_json::json!({
            "body": "<p>A <a href=\"https://me:pw@a.example/b\">b</a></p>",
            "address": "https://me:pw@a.example/1",
            "credit": {"name": "C", "url": "https://me@a.example/"},
            "enclosures": [{"address": "https://me:pw@a.example/a.mp3"}, {"address": "http://10.0.0.1/b.mp3"}],
        }));
        assert_eq!(post.body.as_str(), "<p>A <a href=\"https://a.example/b\">b</a></p>");
        let addresses = [&post.address, post.credit.as_ref().unwrap().url.as_ref().unwrap()];
        assert_eq!(addresses, ["https://a.example/1", "https://a.example/"]);
        let files: Vec<&str> = post.enclosures.iter().map(|file| file.address.as_str()).collect();
        assert_eq!((files, wrong.len()), (vec!["https://a.example/a.mp3"], 5));
        assert!(!wrong.concat().contains("me"), "{wrong:#?}");
    }

    #[test]
    fn what_somebody_put_there_goes() {
        let (post, wrong) = mend(&serde_json::json!({
            "body": "<p onclick=\"a()\">A<script>b()</script> <img src=\"assets/0a.png\"></p>",
            "address": "javascript:a()",
            "picture": {"src": "javascript:a()"},
            "credit": {"name": "C", "url": "data:text/html,x"},
            "enclosures": [{"address": "file:///etc/passwd"}, {"address": "https://a.example/a.mp3", "kept": "assets/../x"}],
            "particulars": {"transcript": "javascript:a()", "comments": "https://a.example/c"},
            "first_place": {"address": "javascript:a()"},
            "assets": [
                {"name": "0a.png", "sha256": "0a", "file": "/etc/passwd", "media_type": "image/png", "length": 1},
                {"name": "../0a.html", "sha256": "0a", "file": "collected/pictures/0a", "media_type": "image/png", "length": 1},
                {"name": "0a.png", "sha256": "0a", "file": "collected/pictures/../../x", "media_type": "image/png", "length": 1},
            ],
        }));
        assert_eq!(post.body.as_str(), "<p>A <img src=\"assets/0a.png\" alt=\"\"></p>");
        assert_eq!(
            (post.address.as_str(), post.picture, post.assets.len(), post.first_place),
            ("https://our.example/", None, 0, None)
        );
        assert_eq!(post.credit.unwrap().url, None);
        assert_eq!((post.enclosures.len(), post.enclosures[0].kept.as_deref()), (1, None));
        assert_eq!((&*post.particulars.transcript, &*post.particulars.comments), ("", "https://a.example/c"));
        assert_eq!(wrong.len(), 11, "{wrong:#?}");
        let (again, allow) = (&mut mend(&serde_json::json!({"address": "x"})).0, AllowPrivate::Nobody);
        assert_eq!(mended(again, "https://our.example/", &allow, &Sanitiser::new()), Vec::<String>::new());
    }
}
