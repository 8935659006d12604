//! Which files a run asks for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use url::Url;

use super::KeptFiles;
use crate::collect::sanitise::tag::attribute;
use crate::model::{Post, web_fault};

/// More files than this of one post are left to a later run.
const PER_POST: usize = 100;
/// More files than this of posts that were seen before are left to a later run.
const PER_RUN: usize = 100;

/// A file to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The title of a post that has it.
    pub title: String,
    /// Whether it is an enclosure, not a picture.
    pub is_enclosure: bool,
    /// How many are to be asked for before it: those of posts that are seen for the first time come first, the newest before
    /// the others.
    pub order: usize,
    /// Where else the same picture may be, best first.
    pub instead: Vec<Url>,
}

/// What a run asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// The files, by their addresses.
    pub files: BTreeMap<Url, Wanted>,
    /// The titles of posts that have more than a run asks for of one, each with how many those are.
    pub beyond: Vec<(String, usize)>,
}

/// A post whose files are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The post.
    pub post: &'a Post,
    /// Whether it is seen for the first time, or seen changed.
    pub is_new: bool,
    /// Whether copies of its enclosures are kept.
    pub keeps_enclosures: bool,
    /// Whether its pictures are.
    pub keeps_pictures: bool,
}

/// The files of these posts that are not at hand and may be asked for at `now`, by their addresses: all of those that are
/// new, and some of the others, newest first.
#[must_use]
pub fn wanted(posts: &[Asking<'_>], files: &KeptFiles, now: DateTime<Utc>) -> Wants {
    let mut ordered: Vec<&Asking<'_>> = posts.iter().collect();
    ordered.sort_by_key(|asking| (!asking.is_new, std::cmp::Reverse(asking.post.date())));
    let mut wants = Wants::default();
    let mut old = 0;
    for asking in ordered {
        let (all, mut of_post_asked, mut beyond) = (&mut wants.files, 0, 0);
        for (url, mut file) in of_post(asking, files) {
            if all.contains_key(&url) || !files.may_be_asked(url.as_str(), asking.is_new, now) {
                continue;
            }
            if of_post_asked == PER_POST {
                beyond += 1;
                continue;
            }
            if !asking.is_new {
                if old == PER_RUN {
                    return wants;
                }
                old += 1;
            }
            of_post_asked += 1;
            file.title.clone_from(&asking.post.title);
            file.order = all.len();
            all.insert(url, file);
        }
        if beyond > 0 {
            wants.beyond.push((asking.post.title.clone(), beyond));
        }
    }
    wants
}

/// The files of a post that are not at hand, in its order.
fn of_post(asking: &Asking<'_>, files: &KeptFiles) -> Vec<(Url, Wanted)> {
    let post = asking.post;
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    let mut add = |address: &str, size: Option<(u32, u32)>, is_enclosure: bool| {
        let Ok(url) = Url::parse(address) else { return };
        if web_fault(&url).is_none() && known.insert(url.clone()) {
            let instead = if is_enclosure { Vec::new() } else { variants(&url, size) };
            found.push((url, Wanted { title: String::new(), is_enclosure, order: 0, instead }));
        }
    };
    if asking.keeps_pictures {
        for picture in post.picture.iter().filter(|picture| files.picture(&picture.src).is_none()) {
            add(&picture.src, None, false);
        }
        let body = post.body.as_str();
        // So the sanitiser writes a picture that is elsewhere; in an attribute there is no `>`.
        for (at, start) in body.match_indices("<img src=\"http") {
            let attributes = body[at + start.len() - "src=\"http".len()..].split('>').next().unwrap_or_default();
            let number = |name: &str| attribute(attributes, name)?.parse().ok();
            let src = attribute(attributes, "src").filter(|src| files.picture(src).is_none());
            if let Some(src) = src {
                add(&src, number("width").zip(number("height")), false);
            }
        }
    }
    if asking.keeps_enclosures {
        for file in post.enclosures.iter().filter(|file| files.enclosure(&file.address).is_none()) {
            add(&file.address, None, true);
        }
    }
    found
}

/// Where WordPress keeps other sizes of a picture: `a.jpg` for `a-300x200.jpg` and `a-scaled.jpg`; for `a.jpg` itself the
/// size at which it is shown, and the largest that is made of very large ones.
fn variants(url: &Url, size: Option<(u32, u32)>) -> Vec<Url> {
    let Some((folder, name)) = url.path().rsplit_once('/') else { return Vec::new() };
    let Some((stem, ending)) = name.rsplit_once('.') else { return Vec::new() };
    let named = |stem: &str| {
        let mut other = url.clone();
        other.set_path(&format!("{folder}/{stem}.{ending}"));
        other
    };
    if let Some(original) = original(stem) {
        return vec![named(original), named(&format!("{original}-scaled"))];
    }
    if !url.path().contains("/wp-content/") {
        return Vec::new();
    }
    let sized = size.map(|(width, height)| format!("{stem}-{width}x{height}"));
    [format!("{stem}-scaled")].into_iter().chain(sized).map(|stem| named(&stem)).collect()
}

/// `a` of `a-300x200` and `a-scaled`.
pub(in crate::collect) fn original(stem: &str) -> Option<&str> {
    let (original, end) = stem.rsplit_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_size = end.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height));
    ((is_size || end == "scaled") && !original.is_empty()).then_some(original)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{original, variants};

    #[test]
    fn sizes_of_wordpress_are_seen_through() {
        assert_eq!([original("a-b-300x200"), original("a-scaled")], [Some("a-b"), Some("a")]);
        assert_eq!([original("a-300x"), original("300x200"), original("a-x2"), original("-1x1")], [None; 4]);
        let of = |address: &str, size| -> Vec<String> {
            variants(&Url::parse(address).unwrap(), size).into_iter().map(String::from).collect()
        };
        assert_eq!(of("https://a.example/u/b-300x200.jpg?x=1", None)[0], "https://a.example/u/b.jpg?x=1");
        let sized = of("https://a.example/wp-content/b.jpg", Some((300, 200)));
        assert_eq!(sized, ["https://a.example/wp-content/b-scaled.jpg", "https://a.example/wp-content/b-300x200.jpg"]);
        assert!(of("https://a.example/b.jpg", Some((3, 2))).is_empty() && of("https://a.example/b", None).is_empty());
    }
}
