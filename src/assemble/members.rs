//! What is for members only: posts that no public series takes, and another one does.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::window::midnight;
use crate::model::{Html, Issue, Language, Origin, Outcome, Post, PostId, Reason, Series, page_of_link};

/// Tells what stands in the issues of members alone from what is on the web.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    zone: Tz,
    series: Vec<&'a Series>,
    /// What stands in issues that are on the web, and in the others.
    public: BTreeSet<&'a PostId>,
    inside: BTreeSet<&'a PostId>,
}

impl<'a> Members<'a> {
    /// Looks at what `series` take, and at what issues hold, of which `is_public` says whether they are on the web. `former` were
    /// for members in series that there are no more.
    pub fn new(
        series: &'a [Series],
        zone: Tz,
        issues: impl Iterator<Item = &'a Issue>,
        is_public: impl Fn(&Issue) -> bool,
        former: &'a BTreeSet<PostId>,
    ) -> Self {
        let (mut public, mut inside) = (BTreeSet::new(), former.iter().collect::<BTreeSet<_>>());
        for issue in issues {
            let ids = match (is_public(issue), &issue.series.binds) {
                (false, _) => &mut inside,
                (true, None) => &mut public,
                // What a volume shows has no page of its own for that.
                (true, Some(_)) => continue,
            };
            ids.extend(issue.articles().map(|article| &article.post.id));
        }
        // A volume takes what the issues that it binds have taken.
        let series = series.iter().filter(|series| series.binds.is_none()).collect();
        Self { zone, series, public, inside }
    }

    /// Whether a post is for members only. What an editor leaves out of an issue stays what it was.
    #[must_use]
    pub fn alone_have(&self, post: &Post) -> bool {
        let taken = |public: bool| {
            self.series.iter().any(|series| series.public == public && takes(series, post, self.begins(series)))
        };
        !post.public
            && (self.inside.contains(&post.id) || taken(false))
            && !self.public.contains(&post.id)
            && !taken(true)
    }

    /// The addresses, of those that the articles of an issue link to, at which nothing stands: they are of `posts` that are
    /// for members only, and none is in the issue.
    #[must_use]
    pub fn out_of_reach<'p>(&self, issue: &Issue, posts: impl Iterator<Item = &'p Post>) -> BTreeSet<String> {
        let base_url = &issue.publication.base_url;
        let mut linked: BTreeSet<String> = issue.markup().flat_map(|html| ours(html, base_url)).collect();
        for article in issue.articles() {
            linked.remove(&article.post.address);
        }
        if linked.is_empty() {
            return linked;
        }
        let nowhere = self.nowhere(posts);
        linked.retain(|address| nowhere.contains(address));
        linked
    }

    /// The addresses of those of `posts` that are for members only, where they stood before as well, unless another stands there.
    #[must_use]
    pub fn nowhere<'p>(&self, posts: impl Iterator<Item = &'p Post>) -> BTreeSet<String> {
        let (inside, public): (Vec<&Post>, Vec<&Post>) = posts.partition(|post| self.keep_off_the_web(post));
        let standing: BTreeSet<&str> = public.into_iter().flat_map(Post::addresses).collect();
        let addresses = inside.into_iter().flat_map(Post::addresses);
        addresses.filter(|address| !standing.contains(address)).map(str::to_owned).collect()
    }

    /// Whether a post is one of ours that stands nowhere on the web, because it is for members only.
    #[must_use]
    pub fn keep_off_the_web(&self, post: &Post) -> bool {
        post.origin == Origin::Own && self.alone_have(post)
    }

    /// Those of `posts` that are on the web and may be meant for members, because they are so in another language: what they
    /// translate is for members only, or a series for members says that it takes such posts. It is meant where a post says
    /// `public: true`, and where a public series takes it that names the same or is one of those `openly` so.
    #[must_use]
    pub fn exposed<'p>(&'p self, posts: &[&'p Post], openly: &BTreeSet<String>) -> Vec<(&'p Post, Exposed<'p>)> {
        if self.inside.is_empty() && self.series.iter().all(|series| series.public) {
            return Vec::new();
        }
        let own = posts.iter().copied().filter(|post| post.origin == Origin::Own);
        let (inside, public): (Vec<&Post>, Vec<&Post>) = own.partition(|post| self.alone_have(post));
        // The site takes posts of one slug in several languages for translations of each other.
        let originals: BTreeMap<&str, &Post> = inside.into_iter().map(|post| (post.slug.as_str(), post)).collect();
        let exposed = |post: &'p Post| {
            let why = self.why_exposed(post, originals.get(post.slug.as_str()).copied())?;
            (!self.is_meant(post, why, openly)).then_some((post, why))
        };
        public.into_iter().filter(|post| !post.public).filter_map(exposed).collect()
    }

    fn why_exposed<'p>(&'p self, post: &Post, original: Option<&'p Post>) -> Option<Exposed<'p>> {
        let is_other = |language: &Language| language.primary() != post.language.primary();
        let original = original.filter(|original| is_other(&original.language));
        original.map(Exposed::Translation).or_else(|| {
            let named =
                |series: &&&Series| !series.public && is_other(&series.language) && series.selection.names_some();
            let mut named = self.series.iter().filter(named);
            named.find(|series| selects(series, post, self.begins(series))).map(|series| Exposed::Named(series))
        })
    }

    fn is_meant(&self, post: &Post, why: Exposed<'_>, openly: &BTreeSet<String>) -> bool {
        let is_for_members = |series: &Series| {
            !series.public
                && match why {
                    Exposed::Translation(original) => takes(series, original, None),
                    Exposed::Named(named) => series.key == named.key,
                }
        };
        let says_so = |series: &Series| {
            let of_members = self.series.iter().filter(|other| is_for_members(other));
            let mut selections = of_members.map(|other| &other.selection);
            openly.contains(&series.key) || selections.any(|other| series.selection.names_one_of(other))
        };
        self.series.iter().any(|series| series.public && takes(series, post, None) && says_so(series))
    }

    fn begins(&self, series: &Series) -> Option<DateTime<Utc>> {
        series.since.map(|day| midnight(day, self.zone))
    }
}

/// Why a post that is on the web may be meant for members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exposed<'p> {
    /// This post, which it translates, is for members only.
    Translation(&'p Post),
    /// This series for members would take it, were it in the same language.
    Named(&'p Series),
}

/// Which posts series that there are no more had for members: what stands in their issues that were not public, or was left out by
/// their editors, and stands in none of those that were. A series whose newest issue was public had made all of them public.
#[must_use]
pub fn former(issues: &[Issue]) -> BTreeSet<PostId> {
    let newest = |issue: &&Issue| {
        issues.iter().filter(|other| other.key.series == issue.key.series).max_by_key(|other| other.ordinal())
    };
    let was_public = |issue: &&Issue| issue.series.public || newest(issue).is_some_and(|newest| newest.series.public);
    let (public, inside): (Vec<&Issue>, Vec<&Issue>) = issues.iter().partition(was_public);
    let is_shown = |issue: &&&Issue| issue.series.binds.is_none();
    let shown = public.iter().filter(is_shown).flat_map(|issue| issue.articles());
    let shown: BTreeSet<&PostId> = shown.map(|article| &article.post.id).collect();
    let held = inside.iter().flat_map(|issue| issue.articles()).map(|article| &article.post.id);
    let verdicts = inside.iter().flat_map(|issue| &issue.verdicts);
    let left_out = verdicts.filter(|verdict| verdict.outcome == Outcome::Out(Reason::LeftOut)).map(|one| &one.post);
    held.chain(left_out).filter(|id| !shown.contains(*id)).cloned().collect()
}

/// The addresses under `base_url` that a text links to, without fragments.
pub fn ours<'h>(html: &'h Html, base_url: &'h str) -> impl Iterator<Item = String> + 'h {
    html.links().filter(move |link| link.starts_with(base_url)).map(|link| page_of_link(&link).into_owned())
}

fn takes(series: &Series, post: &Post, begins: Option<DateTime<Utc>>) -> bool {
    post.language.primary() == series.language.primary() && selects(series, post, begins)
}

/// Whether a series would take a post, were it in the same language.
fn selects(series: &Series, post: &Post, begins: Option<DateTime<Utc>>) -> bool {
    series.selection.takes(post) && begins.is_none_or(|begins| begins <= post.date())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono_tz::Tz;

    use super::{Exposed, Members, former};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Language, Post, Selection, Series, WindowRule};

    fn tagged(tags: &[&str]) -> Post {
        Post { tags: tags.iter().map(ToString::to_string).collect(), ..post("a", at("2026-07-10T00:00:00Z")) }
    }

    fn taking(tags: &[&str], exclude: &[&str], public: bool) -> Series {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        let selection = Selection { tags: words(tags), exclude_tags: words(exclude), ..Selection::default() };
        let since = chrono::NaiveDate::from_ymd_opt(2026, 7, 1);
        Series { since, public, selection, ..series(WindowRule::Monthly) }
    }

    #[test]
    fn a_series_that_had_become_public_held_nothing_for_members() {
        let posts = ["a", "b"].map(|slug| {
            let day = if slug == "a" { "2026-07-10" } else { "2026-08-10" };
            post(slug, at(&format!("{day}T00:00:00Z")))
        });
        let inside = Series { public: false, ..series(WindowRule::Monthly) };
        let mut issues = Vec::new();
        run(&inside, Tz::UTC, &posts, &mut issues, at("2026-09-02T00:00:00Z"));
        assert_eq!((issues.len(), former(&issues).len()), (2, 2));
        issues[0].series.public = true;
        assert_eq!(former(&issues), BTreeSet::from([posts[1].id.clone()]), "it had become one for members");
        (issues[0].series.public, issues[1].series.public) = (false, true);
        assert_eq!(former(&issues), BTreeSet::new(), "it had become everybody's");
    }

    fn alone(series: &[Series], post: &Post) -> bool {
        Members::new(series, Tz::UTC, std::iter::empty(), |_| true, &BTreeSet::new()).alone_have(post)
    }

    #[test]
    fn a_post_is_for_members_when_they_alone_get_it() {
        let inside = taking(&["inside"], &[], false);
        let news = taking(&[], &["inside"], true);
        let both = [news.clone(), inside.clone()];
        assert!(alone(&both, &tagged(&["Inside"])));
        assert!(!alone(&both, &tagged(&["other"])));
        assert!(
            !alone(&[inside.clone(), taking(&[], &[], true)], &tagged(&["inside"])),
            "a public series takes it too"
        );
        assert!(!alone(&[news], &tagged(&["inside"])), "nobody takes it: a page of the site like any other");
        assert!(!alone(&both, &Post { public: true, ..tagged(&["inside"]) }));
        let earlier = Post { published: Some(at("2020-01-01T00:00:00Z")), ..tagged(&["inside"]) };
        assert!(!alone(&both, &earlier), "before the series began");
        let persian = Post { language: Language::parse("fa").unwrap(), ..tagged(&["inside"]) };
        assert!(!alone(&both, &persian));
        let internal = [taking(&[], &["Çështje të brendshme"], true), taking(&["çështje të brendshme"], &[], false)];
        assert!(alone(&internal, &tagged(&["ÇËSHTJE  TË BRENDSHME"])), "however it is typed");
        let volume = Series { binds: Some("inside".to_owned()), ..taking(&[], &[], true) };
        assert!(alone(&[inside, volume], &tagged(&["inside"])));
    }

    /// Why the last of these posts may be meant for members: the slug of what it translates, or the name of a series.
    fn exposed(series: &[Series], openly: &[&str], posts: &[Post]) -> Option<String> {
        let (posts, none) = (posts.iter().collect::<Vec<_>>(), BTreeSet::new());
        let members = Members::new(series, Tz::UTC, std::iter::empty(), |_| true, &none);
        let openly = openly.iter().map(ToString::to_string).collect();
        let found = members.exposed(&posts, &openly);
        found.iter().find(|(post, _)| *post == *posts.last().unwrap()).map(|(_, why)| match why {
            Exposed::Translation(original) => format!("translates {}", original.file.display()),
            Exposed::Named(series) => series.key.clone(),
        })
    }

    fn called(key: &str, language: &str, series: Series) -> Series {
        Series { key: key.to_owned(), language: Language::parse(language).unwrap(), ..series }
    }

    #[test]
    fn a_post_is_exposed_that_is_for_members_in_another_language_alone() {
        let persian = |post: Post| Post { language: Language::parse("fa").unwrap(), ..post };
        let inside = called("inside", "en", taking(&["inside"], &[], false));
        let news = called("news", "en", taking(&[], &["inside"], true));
        let akhbar = called("akhbar", "fa", taking(&[], &[], true));
        let series = [news.clone(), inside.clone(), akhbar.clone()];
        let english = Post { file: "a.md".into(), ..tagged(&["inside"]) };
        let translates = Some("translates a.md".to_owned());
        let pair = |post: Post| [english.clone(), persian(post)];
        assert_eq!(exposed(&series, &[], &pair(tagged(&["inside"]))), translates);
        assert_eq!(exposed(&series, &[], &pair(tagged(&[]))), translates);
        assert_eq!(exposed(&series[..2], &[], &pair(tagged(&[]))), translates, "no series takes it");
        let other = Post { slug: "b".to_owned(), ..tagged(&["inside"]) };
        assert_eq!(exposed(&series, &[], &pair(other.clone())), Some("inside".to_owned()));
        assert_eq!(exposed(&series, &[], &pair(Post { tags: Vec::new(), ..other.clone() })), None);
        let earlier = Post { published: Some(at("2020-01-01T00:00:00Z")), ..other };
        assert_eq!(exposed(&series, &[], &pair(earlier)), None, "before the series began");
        assert_eq!(exposed(&series, &[], &[tagged(&[]), persian(tagged(&[]))]), None, "both are on the web");
        // It is meant.
        assert_eq!(exposed(&series, &["akhbar"], &pair(tagged(&["inside"]))), None);
        assert_eq!(exposed(&series, &["news"], &pair(tagged(&["inside"]))), translates, "that takes no Persian posts");
        assert_eq!(exposed(&series, &[], &pair(Post { public: true, ..tagged(&["inside"]) })), None);
        let named = called("akhbar", "fa", taking(&["inside"], &[], true));
        assert_eq!(exposed(&[news.clone(), inside.clone(), named], &[], &pair(tagged(&["inside"]))), None);
        let of_members = called("daruni", "fa", taking(&["inside"], &[], false));
        let kept = [news, inside, called("akhbar", "fa", taking(&[], &["inside"], true)), of_members];
        assert_eq!(exposed(&kept, &[], &pair(tagged(&["inside"]))), None, "it is for members, too");
        // A series for members that takes all there is in its language says nothing of another one.
        let all = [called("letters", "en", taking(&[], &[], false)), akhbar];
        let apart = Post { slug: "b".to_owned(), ..tagged(&[]) };
        assert_eq!(exposed(&all, &[], &[tagged(&[]), persian(apart)]), None);
        assert!(exposed(&all, &[], &[tagged(&[]), persian(tagged(&[]))]).is_some());
    }
}
