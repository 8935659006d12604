//! One post that a feed has twice, under two ids: what is left when a post, or a site, is copied.
//!
//! By its words alone nobody can tell a copy from a notice that is given anew each month. So it must have the page of the other
//! one, or, where one of them has no page for itself, its date, too. One that comes twice is a smaller harm than one that is never
//! printed.

use std::collections::HashMap;

use super::mended::{is_mended, keeps_words};
use super::namesakes::{is_on_a_page, without_scheme};
use super::sightings::Seen;
use crate::model::{Post, PostId};

/// No post is compared with more others.
const MOST: usize = 10;

/// A page that more items have says nothing of them: notes of one day, the page of all news.
const MOST_OF_PAGE: usize = 3;

/// Joins the copies of each post, under the id that is known, else under that of the one published first; what was changed last
/// is taken. Gives what is left out, and why.
pub(super) fn joined(posts: Vec<Post>, seen: &Seen) -> (Vec<Post>, Vec<(Post, String)>) {
    let originals = originals(&posts, seen);
    let mut posts: Vec<Option<Post>> = posts.into_iter().map(Some).collect();
    let mut left_out = Vec::new();
    for (copy, original) in originals {
        let (Some(mut copy), Some(kept)) = (posts[copy].take(), &mut posts[original]) else { continue };
        let changed = |post: &Post| post.updated.max(post.published);
        if changed(&copy) > changed(kept) {
            std::mem::swap(&mut copy, kept);
            let (id, other) = (copy.id.clone(), kept.id.clone());
            kept.rename(id);
            copy.rename(other);
            kept.updated = changed(kept);
            kept.published = kept.published.min(copy.published).or(kept.published);
        }
        let reason = format!("the feed has item `{}` twice, the second time as `{}`", copy.title, copy.id);
        left_out.push((copy, reason));
    }
    (posts.into_iter().flatten().collect(), left_out)
}

/// Each copy with what it is a copy of.
fn originals(posts: &[Post], seen: &Seen) -> Vec<(usize, usize)> {
    let mut of_title: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut of_id: HashMap<&PostId, usize> = HashMap::new();
    let mut of_address: HashMap<&str, usize> = HashMap::new();
    for (index, post) in posts.iter().enumerate() {
        of_title.entry(&post.title).or_default().push(index);
        *of_id.entry(&post.id).or_default() += 1;
        *of_address.entry(&post.address).or_default() += 1;
    }
    // An id that several items have says nothing of them.
    let is_named = |index: &usize| of_id[&posts[*index].id] == 1;
    let has_page = |index: usize| of_address[&*posts[index].address] <= MOST_OF_PAGE && is_on_a_page(&posts[index]);
    let is_known = |index: usize| seen.post(&posts[index].id).is_some() || seen.renamed(&posts[index].id).is_some();
    let mut originals = Vec::new();
    for mut alike in of_title.into_values().filter(|alike| alike.len() > 1) {
        alike.retain(is_named);
        // Feeds have what is new before what is old.
        alike.sort_by_key(|index| (!is_known(*index), posts[*index].published, std::cmp::Reverse(*index)));
        let mut kept: Vec<usize> = Vec::new();
        for index in alike {
            let mut near = kept.iter().rev().take(MOST);
            match near.find(|other| !is_known(index) && is_copy(&posts[**other], &posts[index], has_page(index))) {
                Some(original) => originals.push((index, *original)),
                None => kept.push(index),
            }
        }
    }
    originals.sort_unstable();
    originals
}

/// Whether two posts of one title are one; `has_page` says that the page of the second tells something.
fn is_copy(a: &Post, b: &Post, has_page: bool) -> bool {
    let is_one_address = without_scheme(a) == without_scheme(b);
    let is_one_page = has_page && is_one_address;
    let is_same_text = !a.body.as_str().is_empty() && a.body == b.body;
    // Sessions of one day, and adverts of one, may be alike in all but their pages.
    let has_two_pages = !is_one_address && is_on_a_page(a) && is_on_a_page(b);
    let is_dated_alike = a.published.is_some() && a.published == b.published && !has_two_pages;
    let files = |post: &Post| post.enclosures.iter().map(|file| file.address.clone()).collect::<Vec<_>>();
    let is_of_same_files = files(a) == files(b) && a.picture == b.picture;
    // While both stand there, words that are others in the later one are those of another notice on the page of all notices.
    let is_one_mended = || is_mended(a, b) && (a.published == b.published || keeps_words(a, b) || keeps_words(b, a));
    let is_text_alike = (is_same_text && (is_one_page || is_dated_alike)) || (is_one_page && is_one_mended());
    a.language == b.language && is_of_same_files && is_text_alike
}

#[cfg(test)]
mod tests {
    use super::super::elsewhere::tests::{after, day, ids, post};
    use super::super::sightings::Seen;
    use crate::model::{Enclosure, Post};

    #[test]
    fn a_copy_of_a_post_is_no_second_post() {
        let first = post("1", "A", Some(day(1)));
        let copy = post("2", "A", Some(day(9)));
        let page = |address: &str, copy: &Post| Post { address: address.to_owned(), ..copy.clone() };
        let of_date = Post { published: Some(day(1)), ..page("https://press.example/", &copy) };
        let session = page("https://press.example/A-2", &of_date);
        let (seen, _) = after(Seen::default(), vec![first.clone()], 2);
        for (copy, updated) in [(copy.clone(), Some(day(9))), (of_date.clone(), None)] {
            for known in [Seen::default(), seen.clone()] {
                let (seen, posts) = after(known, vec![copy.clone(), first.clone()], 10);
                assert_eq!((ids(&posts), posts[0].published, posts[0].updated), (vec!["1"], Some(day(1)), updated));
                assert_eq!(after(seen.clone(), vec![copy.clone(), first.clone()], 11).1, posts, "and so it stays");
                assert_eq!(ids(&after(seen, vec![copy.clone()], 12).1), ["1"], "also when the first one goes");
            }
        }
        // A page of notices, on which names alone tell one day's from the next.
        let long = |at, id: &str, street: &str| {
            let words = "The water is off while men mend the main near your house ".repeat(3);
            let more = "and then it may be brown, so keep some in jugs before they begin at eight in the morning on";
            let text = format!("{words} {more} {street}.");
            let body = crate::collect::markdown_to_html(&text, "https://press.example/", "x");
            Post { body, ..post(id, "A", Some(day(at))) }
        };
        let monday = long(1, "1", "Long Street");
        let both = |other: Post| after(Seen::default(), vec![other, monday.clone()], 10).1.len();
        assert_eq!(both(long(2, "2", "Mill Lane")), 2);
        assert_eq!(both(long(2, "2", "Long Street, still")), 1, "with one word more it is a copy");
        let other_file = Post { enclosures: vec![Enclosure::default()], ..of_date.clone() };
        let other_words = Post { body: post("3", "B", None).body, ..of_date };
        for other in [
            page("https://press.example/A-2", &copy),
            page("https://press.example/", &copy),
            session,
            other_file,
            other_words,
        ] {
            assert_eq!(after(seen.clone(), vec![other, first.clone()], 10).1.len(), 2);
        }
    }
}
