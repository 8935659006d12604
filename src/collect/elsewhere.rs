//! Posts from elsewhere, known again at each run.
//!
//! Feeds give one id to several items, change the ids of all items in a day, and date an item anew when a comma is
//! mended. A post keeps the id and the date under which it was first seen: what a later reading of its feed says
//! otherwise is an update.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::copies;
use super::dates::believed;
use super::mended::is_mended;
use super::namesakes::{self, SharedAddresses, is_on_a_page, is_same_date, is_same_text, page};
use super::plain;
use super::sightings::{Seen, Sighting};
use crate::model::{FirstPlace, Post, PostId, sha256_hex};

/// The posts of a source from elsewhere, with what earlier runs know of them.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// Those that the feed has now, then those that have scrolled off it.
    pub(super) posts: Vec<Post>,
    /// What was seen for the first time, or seen changed.
    pub(super) sightings: Vec<Sighting>,
    /// Posts that are left out, and why.
    pub(super) left_out: Vec<(Post, String)>,
    /// How many of the posts have scrolled off the feed.
    pub(super) kept: usize,
    /// Their ids.
    scrolled: BTreeSet<PostId>,
}

/// Settles the ids and dates of what a feed has now; `withdrawn` holds the ids that it takes back.
pub(super) fn settle(posts: Vec<Post>, withdrawn: &[String], seen: &Seen, now: DateTime<Utc>) -> Settled {
    let mut settled = Settled::default();
    let posts = settled.each_once(posts);
    let (mut posts, copies) = copies::joined(posts, seen);
    settled.left_out.extend(copies);
    as_first_named(&mut posts, seen);
    let mut current: BTreeSet<PostId> = posts.iter().map(|post| post.id.clone()).collect();
    let mut taken: BTreeSet<PostId> = BTreeSet::new();
    let addresses = SharedAddresses::of(&posts, seen);
    let known = namesakes::known(&posts, seen, &addresses);
    current.extend(known.iter().flatten().map(|earlier| earlier.id.clone()));
    let oldest = oldest(&posts);
    let before = Before::new(seen, &current);
    for (index, (mut post, known)) in posts.into_iter().zip(known).enumerate() {
        let named = post.id.clone();
        let earlier = known.or_else(|| before.renamed(&post, &addresses, |id| taken.contains(id) || is_of(id, &named)));
        if let Some(earlier) = earlier {
            post.rename(earlier.id.clone());
        } else if oldest.get(&named) != Some(&index) || seen.first(&named.0).is_some() {
            let id = id_of_its_own(&post, |id| taken.contains(id) || seen.first(&id.0).is_some());
            post.rename(id);
        }
        let is_renamed = post.id != named && !is_of(&post.id, &named) && seen.post(&post.id).is_some();
        let post = as_first_seen(post, seen, now);
        if is_renamed {
            settled.sightings.push(Sighting::renamed(&post, &named));
        }
        taken.insert(post.id.clone());
        settled.sightings.extend(seen.sight_post(&post));
        settled.posts.push(post);
    }
    settled.take_back(withdrawn, seen, now);
    let scrolled: Vec<&Post> = seen.posts().filter(|post| !taken.contains(&post.id)).collect();
    settled.kept = scrolled.len();
    settled.scrolled = scrolled.iter().map(|post| post.id.clone()).collect();
    settled
        .posts
        .extend(scrolled.into_iter().map(|post| Post { updated: believed(post.updated, now), ..post.clone() }));
    settled.leave_out_withdrawn(withdrawn, seen);
    settled
}

impl Settled {
    /// Leaves out items that say the same as one before.
    fn each_once(&mut self, posts: Vec<Post>) -> Vec<Post> {
        let mut said = BTreeSet::new();
        let (posts, twice): (Vec<Post>, Vec<Post>) = posts.into_iter().partition(|post| {
            let words = (post.id.clone(), post.address.clone(), post.title.clone(), post.published);
            said.insert((words, sha256_hex(post.body.as_str().as_bytes())))
        });
        self.left_out.extend(twice.into_iter().map(|post| {
            let reason = format!("the feed has item `{}` twice", post.title);
            (post, reason)
        }));
        posts
    }

    /// Keeps that the feed takes posts back which it had.
    fn take_back(&mut self, withdrawn: &[String], seen: &Seen, now: DateTime<Utc>) {
        for id in withdrawn.iter().filter(|id| !seen.is_withdrawn(id)) {
            if let Some(post) = seen.post(&PostId(id.clone())) {
                self.sightings.push(Sighting::withdrawn(&post.source, id, now));
            }
        }
    }

    /// Leaves out what has scrolled off a feed that says that it is complete (RFC 5005, 2): its publisher took that back.
    pub(super) fn leave_out_scrolled(&mut self, seen: &Seen, now: DateTime<Utc>) {
        let posts = std::mem::take(&mut self.posts);
        let (out, posts): (Vec<Post>, Vec<Post>) = posts.into_iter().partition(|post| self.scrolled.contains(&post.id));
        self.posts = posts;
        for post in out {
            if !seen.is_withdrawn(&post.id.0) {
                self.sightings.push(Sighting::withdrawn(&post.source, &post.id.0, now));
            }
            self.left_out.push((post, "its feed, which says that it is complete, has it no more".to_owned()));
        }
    }

    fn leave_out_withdrawn(&mut self, withdrawn: &[String], seen: &Seen) {
        let is_here: BTreeSet<String> =
            self.posts[..self.posts.len() - self.kept].iter().map(|p| p.id.0.clone()).collect();
        let withdrawn: BTreeSet<&str> = withdrawn.iter().map(String::as_str).collect();
        let is_withdrawn = |post: &Post| {
            withdrawn.contains(&*post.id.0) || (seen.is_withdrawn(&post.id.0) && !is_here.contains(&post.id.0))
        };
        let (out, posts): (Vec<Post>, Vec<Post>) = std::mem::take(&mut self.posts).into_iter().partition(is_withdrawn);
        self.posts = posts;
        self.left_out.extend(out.into_iter().map(|post| (post, "its feed has withdrawn it".to_owned())));
    }
}

/// Gives items whose ids their feed has changed those under which they were first seen, unless another item has these.
fn as_first_named(posts: &mut [Post], seen: &Seen) {
    let ids: BTreeSet<PostId> = posts.iter().map(|post| post.id.clone()).collect();
    for post in posts {
        if let Some(id) = seen.renamed(&post.id).filter(|id| !ids.contains(id)) {
            post.rename(id.clone());
        }
    }
}

/// The oldest item of each id, that is the last of those without dates: it gets the id when it is first seen.
fn oldest(posts: &[Post]) -> BTreeMap<PostId, usize> {
    let mut oldest: BTreeMap<PostId, usize> = BTreeMap::new();
    for (index, post) in posts.iter().enumerate() {
        match oldest.get_mut(&post.id) {
            Some(at) if post.published <= posts[*at].published => *at = index,
            Some(_) => {}
            None => _ = oldest.insert(post.id.clone(), index),
        }
    }
    oldest
}

/// An id for an item whose own says nothing: with the address it does, else with its words.
fn id_of_its_own(post: &Post, is_taken: impl Fn(&PostId) -> bool) -> PostId {
    let by_address = PostId(format!("{}#{}", post.id, post.place()));
    if !is_taken(&by_address) {
        return by_address;
    }
    let mut words = format!("{}\0{:?}\0{}", post.title, post.published, post.body.as_str());
    loop {
        let by_words = PostId(format!("{}#{}", post.id, &sha256_hex(words.as_bytes())[..16]));
        if !is_taken(&by_words) {
            return by_words;
        }
        words.push('\0');
    }
}

/// Whether an id is this one, or was made for an item that had it.
pub(super) fn is_of(id: &PostId, named: &PostId) -> bool {
    id.0.strip_prefix(&*named.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

/// No item is compared with more posts of one date or one text.
const MOST_CANDIDATES: usize = 1000;
/// Nor are its words with those of more posts of one title or one page.
const MOST_NEAR: usize = 10;

/// The posts that were seen before, by what one may be known again by.
#[derive(Default)]
struct Before<'s> {
    dated: HashMap<DateTime<Utc>, Vec<&'s Post>>,
    worded: HashMap<&'s str, Vec<&'s Post>>,
    titled: HashMap<&'s str, Vec<&'s Post>>,
    placed: HashMap<Cow<'s, str>, Vec<&'s Post>>,
}

impl<'s> Before<'s> {
    /// Those that the feed has no longer under their ids.
    fn new(seen: &'s Seen, current: &BTreeSet<PostId>) -> Self {
        let mut before = Self::default();
        for post in seen.posts().filter(|post| !current.contains(&post.id)) {
            before.worded.entry(post.body.as_str()).or_default().push(post);
            before.titled.entry(&post.title).or_default().push(post);
            before.placed.entry(page(post)).or_default().push(post);
            if let Some(date) = post.published {
                before.dated.entry(date).or_default().push(post);
            }
        }
        before
    }

    /// The post that was seen under another id, which the feed has no longer: alike in two things, one of them its date
    /// or its text. (Address and title alone are those of every item of some feeds.) Or its text was mended, and its page is its own.
    fn renamed(
        &self,
        post: &Post,
        addresses: &SharedAddresses,
        is_taken: impl Fn(&PostId) -> bool,
    ) -> Option<&'s Post> {
        let dated = post.published.and_then(|date| self.dated.get(&date));
        let worded = Some(post.body.as_str()).filter(|text| !text.is_empty()).and_then(|text| self.worded.get(text));
        let mut candidates =
            [worded, dated].into_iter().flatten().flat_map(|posts| posts.iter().take(MOST_CANDIDATES)).copied();
        let likenesses = |earlier: &Post| {
            let title = earlier.title == post.title;
            [addresses.tell(earlier, post), title, is_same_date(earlier, post), is_same_text(earlier, post)]
        };
        let is_alike = |earlier: &Post| likenesses(earlier).into_iter().filter(|alike| *alike).count() > 1;
        let is_free = |earlier: &&Post| !is_taken(&earlier.id);
        candidates.find(|earlier| is_alike(earlier) && is_free(earlier)).or_else(|| {
            let placed = self.placed.get(&page(post)).into_iter().flatten().rev().take(MOST_NEAR);
            let mut placed = placed.filter(|earlier| addresses.is_one_page(earlier, post));
            // Of what has neither a page nor a date the title has to be enough.
            let is_bare = |post: &Post| post.published.is_none() && !is_on_a_page(post);
            let titled = self.titled.get(&*post.title).filter(|_| is_bare(post));
            let mut titled = titled.into_iter().flatten().rev().take(MOST_NEAR).filter(|earlier| is_bare(earlier));
            let is_it =
                |earlier: &&&'s Post| is_free(earlier) && earlier.language == post.language && is_mended(earlier, post);
            placed.find(is_it).or_else(|| titled.find(is_it)).copied()
        })
    }
}

/// Gives a post the date and the place under which it was first seen; another date that the feed has now is when it was
/// updated. Where the feed does not say that its words were changed, they were when that was seen.
fn as_first_seen(mut post: Post, seen: &Seen, now: DateTime<Utc>) -> Post {
    post.first_seen = seen.first(&post.id.0).unwrap_or(now);
    post.updated = believed(post.updated, now);
    if let Some(earlier) = seen.post(&post.id) {
        post.keep_first_place(earlier);
        let changed = believed(earlier.updated, now);
        if let Some(dated_anew) = believed(post.published, now).filter(|date| Some(*date) != earlier.published) {
            post.updated = post.updated.max(Some(dated_anew).filter(|date| *date > earlier.date()));
        }
        post.published = earlier.published;
        let is_told = post.updated > changed.max(Some(earlier.date()));
        if !is_told && is_rewritten(earlier, &post) {
            post.updated = Some(now.max(earlier.date()));
        }
        post.updated = post.updated.max(changed);
    } else if seen.first(&post.id.0).is_none() && !seen.is_empty() {
        // Where nothing is kept from run to run, feeds may have had it all the same.
        post.first_place = FirstPlace::of_new(post.place(), &post.id.0);
    }
    post
}

/// Whether readers see other words: markup changes with the program that writes a feed.
fn is_rewritten(before: &Post, now: &Post) -> bool {
    let words = |post: &Post| plain::from_html(post.body.as_str());
    // A title that was kept with references in it is the same without them.
    let is_titled_anew = before.title != now.title && plain::decode_entities(&before.title) != now.title;
    is_titled_anew || (before.body != now.body && words(before) != words(now))
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::{DateTime, Utc};

    use super::settle;
    use crate::collect::sightings::Seen;
    use crate::model::{Html, Language, Origin, Particulars, Post, PostId};

    pub(in crate::collect) fn day(day: u32) -> DateTime<Utc> {
        format!("2026-07-{day:02}T10:00:00Z").parse().unwrap()
    }

    pub(in crate::collect) fn post(id: &str, title: &str, published: Option<DateTime<Utc>>) -> Post {
        Post {
            id: PostId(id.to_owned()),
            source: "feed".to_owned(),
            origin: Origin::Elsewhere,
            file: "feed.xml".into(),
            slug: String::new(),
            address: format!("https://press.example/{title}"),
            language: Language::parse("en").unwrap(),
            title: title.to_owned(),
            published,
            first_seen: day(31),
            updated: None,
            draft: false,
            held_back: None,
            public: false,
            authors: Vec::new(),
            tags: Vec::new(),
            categories: Vec::new(),
            section: None,
            summary: None,
            picture: None,
            body: crate::collect::markdown_to_html(&format!("{title}, at length."), "https://press.example/", "x"),
            credit: None,
            enclosures: Vec::new(),
            aliases: Vec::new(),
            first_slug: None,
            first_place: None,
            particulars: Particulars::default(),
            assets: Vec::new(),
        }
    }

    /// What is known after a reading.
    pub(in crate::collect) fn after(seen: Seen, posts: Vec<Post>, at: u32) -> (Seen, Vec<Post>) {
        let settled = settle(posts, &[], &seen, day(at));
        let mut seen = seen;
        settled.sightings.into_iter().for_each(|sighting| seen.add(sighting));
        (seen, settled.posts)
    }

    pub(in crate::collect) fn ids(posts: &[Post]) -> Vec<&str> {
        posts.iter().map(|post| post.id.0.as_str()).collect()
    }

    #[test]
    fn an_id_that_several_items_have_stays_with_the_first() {
        let (seen, posts) = after(Seen::default(), vec![post("1", "A", Some(day(1)))], 2);
        assert_eq!(ids(&posts), ["1"]);
        let (seen, posts) = after(seen, vec![post("1", "B", Some(day(5))), post("1", "A", Some(day(1)))], 6);
        assert_eq!(ids(&posts), ["1#https://press.example/B", "1"]);
        let (_, posts) = after(seen, vec![post("1", "C", Some(day(7)))], 8);
        assert_eq!(ids(&posts), ["1#https://press.example/C", "1", "1#https://press.example/B"]);
    }

    #[test]
    fn an_item_that_is_there_twice_is_one_and_others_are_not() {
        let same_page = Post { address: "https://press.example/A".to_owned(), ..post("1", "B", Some(day(2))) };
        let third = Post { address: "https://press.example/A".to_owned(), ..post("1", "C", Some(day(3))) };
        let posts = vec![third, same_page, post("1", "A", Some(day(1))), post("1", "A", Some(day(1)))];
        let settled = settle(posts, &[], &Seen::default(), day(9));
        assert_eq!(settled.posts.iter().filter(|post| post.id.0 == "1").count(), 1);
        assert_eq!((settled.posts.len(), settled.left_out.len()), (3, 1));
        assert_eq!(settled.left_out[0].1, "the feed has item `A` twice");
    }

    #[test]
    fn a_feed_that_changes_its_ids_has_the_same_posts() {
        let before = vec![post("http://1", "A", Some(day(1))), post("http://2", "B", None)];
        let (seen, _) = after(Seen::default(), before, 2);
        let now =
            vec![post("https://1", "A", Some(day(1))), post("https://2", "B", None), post("https://3", "C", None)];
        let (_, posts) = after(seen, now, 9);
        assert_eq!(ids(&posts), ["http://1", "http://2", "https://3"]);
        assert_eq!(posts[1].date(), day(2));
    }

    const INK: &str = "Ink was made of soot and oil for 400 years of printing. Printers boiled it outside of the walls of \
        their towns, because linseed oil catches fire; bread was fried in it, which was a feast for every apprentice.";

    #[test]
    fn a_post_that_is_mended_all_over_and_comes_again_is_an_update() {
        let with = |text: &str, post: Post| {
            let body = crate::collect::markdown_to_html(text, "https://press.example/", "x");
            Post { address: "https://press.example/ink".to_owned(), body, ..post }
        };
        let first = with(INK, post("1", "A", Some(day(1))));
        let mended = INK.replace("catches fire", "catches fire easily");
        let (seen, _) = after(Seen::default(), vec![first.clone()], 2);
        let moved = |id: &str, title: &str, date, address: &str| Post {
            address: format!("https://press.example/{address}"),
            ..with(&mended, post(id, title, date))
        };
        for again in [moved("1", "Of ink", Some(day(9)), "ink"), moved("2", "Of ink", Some(day(9)), "ink")] {
            let (_, posts) = after(seen.clone(), vec![again.clone()], 10);
            let found = (ids(&posts), posts[0].published, posts[0].updated.is_some());
            assert_eq!(found, (vec!["1"], Some(day(1)), true), "{again:?}");
        }
        let by_pattern = with(&INK.replace("400", "500"), post("2", "A", Some(day(9))));
        for other in [
            moved("2", "Of ink", Some(day(1)), "ink-2"),
            moved("2", "A", Some(day(9)), "ink-2"),
            Post { address: "https://press.example/ink-2".to_owned(), ..by_pattern },
        ] {
            assert_eq!(after(seen.clone(), vec![other], 10).1.len(), 2);
        }
        // Two parts of one page, and pages of undated posts, are of two posts.
        let part = |part: &str, post: Post| Post { address: format!("https://press.example/news#{part}"), ..post };
        let (known, _) = after(Seen::default(), vec![part("a", first.clone())], 2);
        assert_eq!(after(known, vec![part("b", moved("2", "Of ink", Some(day(9)), ""))], 10).1.len(), 2);
        let (known, _) = after(Seen::default(), vec![Post { published: None, ..first.clone() }], 2);
        assert_eq!(after(known, vec![moved("2", "A", None, "ink-2")], 10).1.len(), 2);
        // A guid that is used again for another page.
        assert_eq!(after(seen.clone(), vec![moved("1", "Of ink", Some(day(9)), "ink-2")], 10).1.len(), 2);
        // Undated, and named by nothing but its words.
        let first = Post { address: "https://press.example/".to_owned(), ..first };
        let (seen, _) = after(Seen::default(), vec![Post { published: None, ..first }], 2);
        assert_eq!(after(seen, vec![moved("2", "A", None, "")], 10).1.len(), 1);
    }

    #[test]
    fn an_id_that_was_changed_is_remembered() {
        let (seen, _) = after(Seen::default(), vec![post("http://1", "A", Some(day(1)))], 2);
        let (seen, posts) = after(seen, vec![post("https://1", "A", Some(day(1)))], 3);
        assert_eq!(ids(&posts), ["http://1"]);
        let (seen, posts) = after(seen, vec![post("https://1", "A", Some(day(1)))], 4);
        assert_eq!(ids(&posts), ["http://1"]);
        let body = crate::collect::markdown_to_html("Quite other words.", "https://press.example/", "x");
        let (_, posts) = after(seen.clone(), vec![Post { body, ..post("https://1", "A", Some(day(9))) }], 9);
        assert_eq!(ids(&posts), ["http://1"]);
        let both = vec![post("http://1", "A", Some(day(1))), post("https://1", "B", Some(day(8)))];
        assert_eq!(ids(&after(seen, both, 9).1), ["http://1", "https://1"]);
    }

    #[test]
    fn items_of_one_title_and_address_are_not_taken_for_each_other() {
        let note = |id: &str, text: &str, at| Post {
            body: crate::collect::markdown_to_html(text, "https://press.example/", "x"),
            ..post(id, "Note", Some(day(at)))
        };
        let (seen, _) = after(Seen::default(), vec![note("1", "One.", 1)], 2);
        let (_, posts) = after(seen, vec![note("2", "Two.", 8)], 9);
        assert_eq!(ids(&posts), ["2", "1"]);
    }

    #[test]
    fn a_post_that_is_dated_anew_is_updated_and_stays_in_its_window() {
        let (seen, _) = after(Seen::default(), vec![post("1", "A", Some(day(1)))], 2);
        let (seen, posts) = after(seen, vec![post("1", "A", Some(day(20)))], 21);
        assert_eq!((posts[0].published, posts[0].updated), (Some(day(1)), Some(day(20))));
        let mended = Post { title: "A, mended".to_owned(), body: Html::default(), ..post("1", "A", Some(day(20))) };
        let (_, posts) = after(seen, vec![mended], 22);
        assert_eq!(
            (posts[0].published, posts[0].updated, &*posts[0].title),
            (Some(day(1)), Some(day(22)), "A, mended")
        );
    }

    #[test]
    fn new_words_under_an_old_date_are_an_update_once() {
        let said = |words: &str| Post {
            body: crate::collect::markdown_to_html(words, "https://press.example/", "x"),
            ..post("1", "A", Some(day(1)))
        };
        let (seen, posts) = after(Seen::default(), vec![said("On *Monday*.")], 2);
        assert_eq!(posts[0].updated, None);
        let (seen, posts) = after(seen, vec![said("On **Monday**.")], 3);
        assert_eq!(posts[0].updated, None, "other markup says nothing new");
        let title = |title: &str| Post { title: title.to_owned(), ..said("On *Monday*.") };
        let (kept, _) = after(Seen::default(), vec![title("A &amp; b")], 2);
        assert_eq!(after(kept, vec![title("A & b")], 3).1[0].updated, None, "nor do references that are resolved");
        let (seen, posts) = after(seen, vec![said("On Tuesday.")], 8);
        assert_eq!((posts[0].published, posts[0].updated), (Some(day(1)), Some(day(8))));
        let (seen, posts) = after(seen, vec![said("On Tuesday.")], 9);
        assert_eq!((posts[0].updated, seen.post(&posts[0].id)), (Some(day(8)), Some(&posts[0])));
        let told = Post { updated: Some(day(10)), ..said("On Wednesday.") };
        let (_, posts) = after(seen, vec![told], 12);
        assert_eq!(posts[0].updated, Some(day(10)));
    }

    #[test]
    fn what_a_complete_feed_has_no_more_is_taken_back() {
        let (mut seen, _) = after(Seen::default(), vec![post("1", "A", None), post("2", "B", None)], 2);
        let mut settled = settle(vec![post("2", "B", None)], &[], &seen, day(3));
        settled.leave_out_scrolled(&seen, day(3));
        assert_eq!((ids(&settled.posts), settled.left_out.len()), (vec!["2"], 1));
        settled.sightings.into_iter().for_each(|sighting| seen.add(sighting));
        let settled = settle(Vec::new(), &[], &seen, day(4));
        assert_eq!((ids(&settled.posts), settled.left_out.len()), (vec!["2"], 1), "nor when it was not asked");
    }

    #[test]
    fn what_is_taken_back_is_left_out_from_then_on() {
        let (mut seen, _) = after(Seen::default(), vec![post("1", "A", None), post("2", "B", None)], 2);
        let settled = settle(vec![post("2", "B", None)], &["1".to_owned(), "9".to_owned()], &seen, day(3));
        assert_eq!((ids(&settled.posts), settled.sightings.len()), (vec!["2"], 1));
        assert_eq!(settled.left_out[0].1, "its feed has withdrawn it");
        settled.sightings.into_iter().for_each(|sighting| seen.add(sighting));
        let settled = settle(Vec::new(), &[], &seen, day(4));
        assert_eq!((ids(&settled.posts), settled.left_out.len(), settled.sightings.len()), (vec!["2"], 1, 0));
        let (_, posts) = after(seen, vec![Post { title: "A, again".to_owned(), ..post("1", "A", None) }], 5);
        assert_eq!(ids(&posts), ["1", "2"]);
    }
}
