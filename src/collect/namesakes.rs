//! Items of one id: which of them are posts that were seen before.
//!
//! The link or the guid of a feed may be that of all its items, so that an id alone does not say which post an item is.
//! It is known again by what it shares with an earlier post and with none of its namesakes: title, date or text. Where
//! all three differ it is another post: one that comes twice is a smaller harm than one that is never printed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use chrono::{DateTime, Utc};
use url::Url;

use super::mended::is_mended;
use super::plain;
use super::sightings::Seen;
use super::visitors::without_visitors;
use crate::model::{Post, PostId};

/// The addresses that tell nothing of a post, because several have them.
pub(super) struct SharedAddresses(HashSet<String>);

impl SharedAddresses {
    /// Of the items of a feed, and of what was seen of it before.
    pub(super) fn of(posts: &[Post], seen: &Seen) -> Self {
        let mut shared = HashSet::new();
        repeated(posts.iter().map(|post| &*post.address), &mut shared);
        repeated(seen.posts().map(|post| &*post.address), &mut shared);
        Self(shared.into_iter().map(str::to_owned).collect())
    }

    /// Whether two posts have an address that is theirs alone. A front page is that of any post.
    pub(super) fn tell(&self, a: &Post, b: &Post) -> bool {
        without_visitors(&a.address) == without_visitors(&b.address) && self.is_own(a)
    }

    /// Whether a post has a page for itself alone.
    pub(super) fn is_own(&self, post: &Post) -> bool {
        !self.0.contains(&*post.address) && is_on_a_page(post)
    }

    /// Whether two posts have a page, or a part of one, that is theirs alone, whatever its scheme.
    pub(super) fn is_one_page(&self, a: &Post, b: &Post) -> bool {
        without_scheme(a) == without_scheme(b) && self.is_own(a) && self.is_own(b)
    }
}

/// Adds what comes more than once.
fn repeated<T: Hash + Eq + Copy>(values: impl Iterator<Item = T>, found: &mut HashSet<T>) {
    let mut once = HashSet::new();
    found.extend(values.filter(|value| !once.insert(*value)));
}

/// Which of the posts that were seen before each item is; `None` for one that is new under its id.
pub(super) fn known<'s>(posts: &[Post], seen: &'s Seen, addresses: &SharedAddresses) -> Vec<Option<&'s Post>> {
    let mut by_id: BTreeMap<&PostId, Vec<usize>> = BTreeMap::new();
    for (index, post) in posts.iter().enumerate() {
        by_id.entry(&post.id).or_default().push(index);
    }
    let mut known = vec![None; posts.len()];
    for (id, indices) in &by_id {
        let earlier: Vec<&Post> =
            seen.namesakes(id).filter(|post| post.id == **id || !by_id.contains_key(&post.id)).collect();
        if earlier.is_empty() {
            continue;
        }
        let items: Vec<&Post> = indices.iter().map(|index| &posts[*index]).collect();
        // A guid that one of several items has is its own.
        let is_guid = by_id.len() > 1 && items.len() == 1 && items[0].id.0 != items[0].address;
        for (item, post) in (Namesakes { items, earlier, addresses, is_guid }).pairs() {
            known[indices[item]] = Some(post);
        }
    }
    known
}

/// Whether two posts of one id are the same: one of title, date and text must agree, or two of them where several posts
/// have that id at once; or nothing differs, because there is nothing.
pub(super) fn is_one(a: &Post, b: &Post, is_id_shared: bool) -> bool {
    if a.title == b.title && a.body == b.body && a.published == b.published {
        return true;
    }
    let is_titled_alike = title(b).is_some() && a.title == b.title;
    let alike = [is_titled_alike, is_same_date(a, b), is_same_text(a, b)];
    alike.into_iter().filter(|alike| *alike).count() > usize::from(is_id_shared)
}

/// Whether two posts have the same text, and not none.
pub(super) fn is_same_text(a: &Post, b: &Post) -> bool {
    !a.body.as_str().is_empty() && a.body == b.body
}

/// Whether a post is dated as it was. One that was dated anew has its later date in `updated`.
pub(super) fn is_same_date(earlier: &Post, item: &Post) -> bool {
    item.published.is_some() && (earlier.published == item.published || earlier.updated == item.published)
}

/// The items of one id, and the posts that had it before.
struct Namesakes<'i, 's> {
    items: Vec<&'i Post>,
    earlier: Vec<&'s Post>,
    addresses: &'i SharedAddresses,
    is_guid: bool,
}

impl<'s> Namesakes<'_, 's> {
    /// Each item that is an earlier post, with that: the surest first, each post once.
    fn pairs(&self) -> Vec<(usize, &'s Post)> {
        if let ([item], [only]) = (&self.items[..], &self.earlier[..]) {
            let is_it = (is_one(only, item, false) && !self.is_next(only, item))
                || self.is_by_place(only, item)
                || self.is_mended_in_place(only, item);
            return is_it.then_some((0, *only)).into_iter().collect();
        }
        let mut found = self.candidates();
        found.sort_by_key(|(sureness, item, _)| (std::cmp::Reverse(*sureness), *item));
        let (mut taken, mut named) = (HashSet::new(), HashSet::new());
        found.retain(|(_, item, post)| {
            let is_free = !taken.contains(post) && !named.contains(item);
            is_free && taken.insert(*post) && named.insert(*item)
        });
        found.into_iter().map(|(_, item, post)| (item, self.earlier[post])).collect()
    }

    /// What may belong together: how sure that is, the item, the earlier post.
    fn candidates(&self) -> Vec<(usize, usize, usize)> {
        let titles = self.telling(|post| title(post).into_iter().collect());
        let texts = self.telling(|post| Some(post.body.as_str()).filter(|text| !text.is_empty()).into_iter().collect());
        let dates = self.telling(dates);
        let mut whole: HashMap<_, usize> = HashMap::new();
        for (index, post) in self.earlier.iter().enumerate() {
            for date in [post.published, post.updated] {
                whole.entry((&*post.title, post.body.as_str(), date)).or_insert(index);
            }
        }
        let mut found = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let alike = [
                title(item).and_then(|title| titles.get(title)),
                Some(item.body.as_str()).and_then(|text| texts.get(text)),
                item.published.and_then(|date| dates.get(&date)),
            ];
            let mut sureness: BTreeMap<usize, usize> = BTreeMap::new();
            for post in alike.into_iter().flatten() {
                *sureness.entry(*post).or_default() += 1;
            }
            // Another one of the same words and date is the same again.
            if let Some(post) = whole.get(&(&*item.title, item.body.as_str(), item.published)) {
                *sureness.entry(*post).or_default() += 3;
            }
            found.extend(sureness.into_iter().map(|(post, sureness)| (sureness, index, post)));
        }
        found
    }

    /// What one earlier post has and no other namesake, now or then, with where that post stands.
    fn telling<'p, T: Hash + Eq + Copy + 'p>(&'p self, values: impl Fn(&'p Post) -> Vec<T>) -> HashMap<T, usize> {
        let mut shared = HashSet::new();
        repeated(self.items.iter().filter_map(|post| values(post).first().copied()), &mut shared);
        repeated(self.earlier.iter().flat_map(|post| values(post)), &mut shared);
        let posts = self.earlier.iter().enumerate();
        let all = posts.flat_map(|(index, post)| values(post).into_iter().map(move |value| (value, index)));
        all.filter(|(value, _)| !shared.contains(value)).collect()
    }

    /// Whether an item is another one under the title and the id of the one before it, as in a feed that has one at a time:
    /// "Today's picture". Its page, its date and its text are others; where the page is the same it may as well be the
    /// same post, mended and dated anew, unless all that it shows or plays is something else, too, in other words.
    fn is_next(&self, earlier: &Post, item: &Post) -> bool {
        let has_text = |post: &Post| !post.body.as_str().is_empty();
        let is_said_anew = has_text(earlier) && has_text(item) && !is_same_text(earlier, item);
        let [before, now] = [earlier, item].map(page);
        let is_elsewhere = before != now && [earlier, item].into_iter().all(is_on_a_page);
        let is_another = || is_elsewhere || (has_other_files(earlier, item) && has_other_words(earlier, item));
        !self.is_guid && is_dated_anew(earlier, item) && is_said_anew && is_another()
    }

    /// Whether an item is an earlier post by its guid or its address, though all of its words are others. Where the feed
    /// says that it was published at another time, it is not.
    fn is_by_place(&self, earlier: &Post, item: &Post) -> bool {
        let is_own_address = item.id.0 != item.address && self.addresses.tell(earlier, item);
        !is_dated_anew(earlier, item) && (self.is_guid || is_own_address)
    }

    /// Whether an item is an earlier post by its guid or its page and by most of its words, though its title is another, and it
    /// is dated anew. A guid that is given to another page under another title and date tells nothing.
    fn is_mended_in_place(&self, earlier: &Post, item: &Post) -> bool {
        let is_moved = || is_on_a_page(earlier) && is_on_a_page(item) && page(earlier) != page(item);
        let is_other = || is_moved() && earlier.title != item.title && !is_same_date(earlier, item);
        let is_it = self.addresses.is_one_page(earlier, item) || (self.is_guid && !is_other());
        is_it && is_mended(earlier, item)
    }
}

/// Whether a feed says that an item was published at another time than an earlier post. (A date that says when it was
/// changed says nothing.)
fn is_dated_anew(earlier: &Post, item: &Post) -> bool {
    let is_dated = item.published.is_some() && item.published != item.updated && earlier.published.is_some();
    is_dated && !is_same_date(earlier, item)
}

/// The address of a post, whatever its scheme and whatever counts its visitors.
pub(super) fn without_scheme(post: &Post) -> Cow<'_, str> {
    let bare = |address: &'_ str| {
        let start = address.find("://").map_or(0, |at| at + 3);
        (start, address.trim_end_matches('/').len().max(start))
    };
    match without_visitors(&post.address) {
        Cow::Borrowed(address) => {
            let (start, end) = bare(address);
            Cow::Borrowed(&address[start..end])
        }
        Cow::Owned(address) => {
            let (start, end) = bare(&address);
            Cow::Owned(address[start..end].to_owned())
        }
    }
}

/// The page of a post, whatever its scheme and whichever part of it the address names.
pub(super) fn page(post: &Post) -> Cow<'_, str> {
    let bare = |address: &str| address.split('#').next().unwrap_or_default().trim_end_matches('/').len();
    match without_scheme(post) {
        Cow::Borrowed(address) => Cow::Borrowed(&address[..bare(address)]),
        Cow::Owned(address) => Cow::Owned(address[..bare(&address)].to_owned()),
    }
}

/// Whether both posts have pictures, or both have other files, and none of those is the same. What follows a name (`?w=600`)
/// tells how it is sent.
fn has_other_files(a: &Post, b: &Post) -> bool {
    let name = |address: &str| address.split(['?', '#']).next().unwrap_or_default().to_owned();
    let files = |post: &Post| post.enclosures.iter().map(|file| name(&file.address)).collect();
    let pictures = |post: &Post| {
        let shown = post.body.as_str().split("<img src=\"").skip(1).filter_map(|rest| rest.split('"').next());
        post.picture.iter().map(|picture| &*picture.src).chain(shown).map(name).collect()
    };
    let differ = |a: HashSet<String>, b: HashSet<String>| match (a.is_empty(), b.is_empty()) {
        (true, true) => None,
        (false, false) => Some(a.is_disjoint(&b)),
        _ => Some(false),
    };
    let found = [differ(files(a), files(b)), differ(pictures(a), pictures(b))];
    found.contains(&Some(true)) && !found.contains(&Some(false))
}

/// Whether less than half of the words of the shorter text stand in the other; a text that is mended keeps more.
pub(super) fn has_other_words(a: &Post, b: &Post) -> bool {
    let [a, b] = [a, b].map(|post| plain::from_html(post.body.as_str()).to_lowercase());
    let [a, b] = [&a, &b].map(|text| text.split(|c: char| !c.is_alphanumeric()).collect::<HashSet<&str>>());
    let shared = a.intersection(&b).filter(|word| !word.is_empty()).count();
    let shorter = a.len().min(b.len());
    shared * 2 < shorter || shared == 0
}

/// Whether a post stands on a page, and not on a front page, which is that of any, nor on one that we make of it.
pub(super) fn is_on_a_page(post: &Post) -> bool {
    !post.has_page_of_ours() && Url::parse(&post.address).is_ok_and(|url| url.path().len() > 1 || url.query().is_some())
}

/// A title of its own: an item without one is called as its feed.
fn title(post: &Post) -> Option<&str> {
    let of_feed = post.credit.as_ref().map_or("", |credit| &credit.name);
    (post.title != of_feed).then_some(&post.title)
}

/// When it was published, and what it was dated later.
fn dates(post: &Post) -> Vec<DateTime<Utc>> {
    let later = post.updated.filter(|date| post.published.is_some_and(|published| published != *date));
    post.published.into_iter().chain(later).collect()
}

#[cfg(test)]
mod tests {
    use super::super::elsewhere::tests::{after, day, ids, post};
    use super::super::sightings::Seen;
    use crate::model::{Enclosure, Html, Post};

    const STATUS: &str = "https://press.example/status";

    /// The nth note of a feed whose notes all have one address.
    fn note(id: &str, nth: u32) -> Post {
        Post { address: STATUS.to_owned(), ..post(id, &format!("N{nth}"), Some(day(nth))) }
    }

    fn titles(posts: &[Post]) -> Vec<&str> {
        posts.iter().map(|post| post.title.as_str()).collect()
    }

    /// Reads the notes of each window one after the other; holds that each note is there once, under its own date.
    fn is_each_once(id: &str, note: impl Fn(&str, u32) -> Post, windows: &[&[u32]]) {
        let mut seen = Seen::default();
        let mut all = Vec::new();
        for (at, window) in windows.iter().enumerate() {
            let items = window.iter().map(|nth| note(id, *nth)).collect();
            (seen, all) = after(seen, items, 20 + at as u32);
        }
        let mut found: Vec<_> = all.iter().map(|post| (post.published, post.updated, post.body.clone())).collect();
        found.sort_by_key(|(published, ..)| *published);
        let mut wanted: Vec<u32> = windows.concat();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<_> = wanted.into_iter().map(|nth| (Some(day(nth)), None, note(id, nth).body)).collect();
        assert_eq!(found, wanted, "{id}: {windows:?}");
    }

    #[test]
    fn notes_of_one_address_or_one_guid_are_each_there_once() {
        for id in [STATUS, "same", ""] {
            is_each_once(id, note, &[&[1], &[2, 1], &[3, 2, 1], &[4, 3, 2, 1]]);
            is_each_once(id, note, &[&[1], &[1, 2], &[1, 2, 3]]);
            is_each_once(id, note, &[&[1], &[2], &[3], &[4]]);
            is_each_once(id, note, &[&[3, 2, 1], &[4, 3, 2], &[5, 4, 3], &[9, 8, 7]]);
            is_each_once(id, note, &[&[1, 2, 3], &[2, 3, 4], &[5, 6, 7]]);
        }
    }

    #[test]
    fn an_item_that_says_nothing_is_the_same_again() {
        let front_page = "https://press.example/".to_owned();
        let empty = |id: &str| Post { address: front_page.clone(), body: Html::default(), ..post(id, "", None) };
        let (seen, _) = after(Seen::default(), vec![empty("x")], 20);
        let (_, posts) = after(seen, vec![empty("x")], 21);
        assert_eq!(ids(&posts), ["x"]);
    }

    #[test]
    fn what_namesakes_share_tells_nothing() {
        let status = |id: &str, nth: u32| Post { title: "Status".to_owned(), ..note(id, nth) };
        is_each_once(STATUS, status, &[&[2, 1], &[3, 2], &[4, 3], &[6, 5]]);
        let short = |id: &str, nth: u32| Post { body: note(id, 1).body, ..status(id, nth) };
        is_each_once("same", short, &[&[2, 1], &[3, 2], &[4, 3]]);
        let on_one_day = |id: &str, nth: u32| Post { published: Some(day(1)), ..note(id, nth) };
        let (seen, _) = after(Seen::default(), vec![on_one_day("x", 2), on_one_day("x", 1)], 20);
        let (seen, _) = after(seen, vec![on_one_day("x", 3), on_one_day("x", 2)], 21);
        let (_, posts) = after(seen, vec![on_one_day("x", 4), on_one_day("x", 3)], 22);
        assert_eq!(titles(&posts), ["N4", "N3", "N2", "N1"]);
    }

    #[test]
    fn a_feed_that_has_one_item_at_a_time_under_one_title_has_one_each_time() {
        let photo = |id: &str, nth: u32| Post {
            title: "Today's picture".to_owned(),
            address: format!("https://press.example/pictures/{nth}"),
            ..note(id, nth)
        };
        is_each_once("today", photo, &[&[1], &[1], &[2], &[2], &[3], &[4], &[4]]);
        // On one page it may as well be the same, dated anew; and so may one that has only moved.
        let mut seen = Seen::default();
        let on_one_page = |nth| Post { address: STATUS.to_owned(), ..photo("today", nth) };
        for nth in 1..4 {
            let posts;
            (seen, posts) = after(seen, vec![on_one_page(nth)], 20 + nth);
            assert_eq!((posts.len(), posts[0].published), (1, Some(day(1))));
        }
        let (seen, _) = after(Seen::default(), vec![photo("today", 1)], 20);
        let moved = Post { published: Some(day(9)), address: photo("", 9).address, ..photo("today", 1) };
        assert_eq!(after(seen, vec![moved], 21).1.len(), 1);
    }

    /// A post of a feed that has one at a time, all of them on one page, with a file or a picture of its own.
    fn daily(nth: u32, is_picture: bool) -> Post {
        let words = ["A heron over the weir", "Two masons mend our bridge", "Snow falls, in June"];
        let file = format!("https://press.example/files/{nth}");
        let shown = if is_picture { format!("![]({file}.jpg?w=600)\n\n") } else { String::new() };
        let text = format!("{shown}{}.", words[nth as usize % 3]);
        let sound = Enclosure { address: format!("{file}.mp3"), ..Enclosure::default() };
        Post {
            title: "Today".to_owned(),
            body: crate::collect::markdown_to_html(&text, "https://press.example/", "x"),
            enclosures: if is_picture { Vec::new() } else { vec![sound] },
            ..note("today", nth)
        }
    }

    #[test]
    fn files_and_words_tell_what_comes_next_on_one_page() {
        for is_picture in [true, false] {
            is_each_once("", |_, nth| daily(nth, is_picture), &[&[1], &[1], &[2], &[3], &[3]]);
        }
    }

    #[test]
    fn what_is_mended_dated_anew_or_sent_from_elsewhere_stays_an_update() {
        let first = daily(1, true);
        let again = |post: Post| {
            let (seen, _) = after(Seen::default(), vec![first.clone()], 20);
            after(seen, vec![Post { published: Some(day(9)), ..post }], 21).1
        };
        let body = |text: &str| crate::collect::markdown_to_html(text, "https://press.example/", "x");
        let mended = Post {
            body: body("![](https://press.example/files/b.jpg)\n\nTwo masons mend our old bridge."),
            ..first.clone()
        };
        let resized = Post {
            body: body("![](https://press.example/files/1.jpg?w=90)\n\nOther words altogether."),
            ..first.clone()
        };
        let without = Post { body: body("Other words altogether."), ..first.clone() };
        let tracked = Post {
            address: format!("{}#comments", first.address),
            body: body("![](https://press.example/files/1.jpg)"),
            ..first.clone()
        };
        for post in [mended, resized, without, tracked] {
            let posts = again(post.clone());
            assert_eq!(posts.len(), 1, "{post:?}");
            assert_eq!((posts[0].published, posts[0].updated), (Some(day(1)), Some(day(9))));
        }
    }

    #[test]
    fn what_counts_visitors_is_no_other_page() {
        let at = |address: &str, at: u32, text: &str| Post {
            address: format!("https://press.example/soot/{address}"),
            body: crate::collect::markdown_to_html(text, "https://press.example/", "x"),
            ..post("s1", "Soot", Some(day(at)))
        };
        let first = at("", 1, "Words of soot here and there");
        for next in ["?utm_source=rss", "?utm_source=rss&utm_medium=feed#top"] {
            let (seen, _) = after(Seen::default(), vec![first.clone()], 2);
            let (_, posts) = after(seen, vec![at(next, 9, "Words of soot here and there, and more")], 10);
            assert_eq!((ids(&posts), posts[0].published, posts[0].updated), (vec!["s1"], Some(day(1)), Some(day(9))));
        }
        let (seen, _) = after(Seen::default(), vec![first], 2);
        let (_, posts) = after(seen, vec![at("?p=2", 9, "Words of soot here and there, and more")], 10);
        assert_eq!(posts.len(), 2);
    }

    #[test]
    fn a_namesake_that_is_edited_stays_the_same() {
        let (seen, before) = after(Seen::default(), vec![note("same", 2), note("same", 1)], 20);
        let edited = Post { title: "N2, mended".to_owned(), ..note("same", 2) };
        let redated = Post { published: Some(day(9)), ..note("same", 1) };
        let (_, posts) = after(seen, vec![note("same", 3), edited, redated], 21);
        assert_eq!(ids(&posts)[1..], ids(&before)[..]);
        assert_eq!((posts[2].published, posts[2].updated), (Some(day(1)), Some(day(9))));
    }

    #[test]
    fn a_guid_or_an_address_of_its_own_keeps_an_undated_post_whose_words_change() {
        let undated = |id: &str, title: &str| Post { published: None, ..post(id, title, None) };
        let (seen, _) = after(Seen::default(), vec![undated("1", "A"), undated("2", "B")], 20);
        let rewritten = Post { title: "C".to_owned(), body: Html::default(), ..undated("1", "Elsewhere") };
        let (_, posts) = after(seen, vec![rewritten, undated("2", "B")], 21);
        assert_eq!(ids(&posts), ["1", "2"]);
        let (seen, _) = after(Seen::default(), vec![undated("1", "A")], 20);
        let rewritten = Post { title: "C".to_owned(), body: Html::default(), ..undated("1", "A") };
        let (seen, posts) = after(seen, vec![rewritten], 21);
        assert_eq!(ids(&posts), ["1"]);
        let another = Post { address: "https://press.example/".to_owned(), ..undated("1", "D") };
        let (_, posts) = after(seen, vec![another], 22);
        assert_eq!(titles(&posts), ["D", "C"]);
    }

    #[test]
    fn many_namesakes_are_told_apart_soon() {
        let begun = std::time::Instant::now();
        for is_dated_alike in [true, false] {
            let note = |id: String, nth: u32| {
                let minutes = if is_dated_alike { 0 } else { nth };
                let published = Some(day(1) + chrono::Duration::minutes(i64::from(minutes)));
                Post { published, ..note(&id, nth % 28 + 1) }
            };
            let some = |from: u32, id: &dyn Fn(u32) -> String| {
                (from..from + 3000).map(|nth| Post { title: format!("N{nth}"), ..note(id(nth), nth) }).collect()
            };
            let same = |_: u32| "same".to_owned();
            let (seen, posts) = after(Seen::default(), some(0, &same), 20);
            assert_eq!(posts.len(), 3000);
            let (seen, posts) = after(seen, some(1000, &same), 21);
            assert_eq!(posts.len(), 4000, "a thousand are new");
            let (_, posts) = after(seen, some(1000, &|nth| format!("other {nth}")), 22);
            assert_eq!(posts.len(), 4000, "other ids of the same");
        }
        assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    }
}
