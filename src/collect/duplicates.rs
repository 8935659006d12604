//! The same piece from several sources: a feed and the folder it is made from, a blog and a collection of blogs.
//!
//! Posts of our own are never left out for what another source has. Of posts from elsewhere that are the same the one
//! that was seen first stays, because an issue may have printed it under its id. Translations are not the same.
//!
//! Anybody can write another's id or address into a feed, before the other does. So neither proves anything by itself of
//! a post that says something else, unless its source is fetched from the very site that the address is of.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::crossposts::bare;
use super::namesakes::has_other_words;
use super::visitors::counts_visitors;
use super::{Collected, LeftOut};
use crate::config::Source;
use crate::model::{Origin, Post, PostId, sha256_hex};

/// Below so many letters a text alone proves nothing: "New release!".
const TELLING: usize = 200;

/// What the keys of pages begin with.
const PAGE: &str = "page ";

/// The texts of posts that are not in memory, by what they are compared by.
#[derive(Debug, Default)]
pub(super) struct Texts(HashMap<PostId, String>);

impl Texts {
    /// Notes the text of a post.
    pub(super) fn note(&mut self, post: &Post) {
        self.0.extend(telling_text(post).map(|text| (post.id.clone(), text)));
    }

    fn of(&self, post: &Post) -> Option<String> {
        self.0.get(&post.id).cloned()
    }
}

/// A hash of the words of a text that is long enough to tell something.
fn telling_text(post: &Post) -> Option<String> {
    let tells = bare(post.body.as_str()).markup.len() >= TELLING;
    tells.then(|| text_hash(post))?
}

/// A hash of the words of a text, where there is one; without what it says of where else it stands.
fn text_hash(post: &Post) -> Option<String> {
    let whole = post.body.as_str();
    let text = Some(bare(whole).markup).filter(|text| !text.is_empty()).unwrap_or(whole);
    (!text.is_empty()).then(|| sha256_hex(words(text).as_bytes())[..32].to_owned())
}

/// By what two posts are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sameness {
    Id,
    Address,
    Text,
}

impl Sameness {
    fn in_words(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Address => "address",
            Self::Text => "title and text",
        }
    }
}

/// Leaves out posts from elsewhere that another source has too. The posts stay in their order. Those that stay have ids
/// of their own.
pub(super) fn leave_out(collected: &mut Collected, texts: &Texts, sources: &[Source]) {
    let twice = twice(&collected.posts, texts, sources);
    if !twice.is_empty() {
        leave_out_those(collected, &twice);
    }
    keep_apart(&mut collected.posts, sources);
}

/// Gives posts from elsewhere whose id is that of another source's post, but which are other posts, their addresses as
/// part of their ids. The post that was seen first keeps its id as it is; of those that were seen at once, the one that is at
/// home.
fn keep_apart(posts: &mut [Post], sources: &[Source]) {
    let ids: HashSet<&PostId> = posts.iter().map(|post| &post.id).collect();
    if ids.len() == posts.len() {
        return;
    }
    let mut taken: HashSet<PostId> = HashSet::new();
    let order = in_order(posts, &Common::of(posts, sources));
    for index in order {
        let post = &mut posts[index];
        let by_address = format!("{}#{}", post.id, post.place());
        let by_source = format!("{by_address}#{}", post.source);
        let other = [by_address, by_source].map(PostId).into_iter().find(|id| !taken.contains(id));
        if let Some(other) = other.filter(|_| post.origin == Origin::Elsewhere && taken.contains(&post.id)) {
            post.rename(other);
        }
        taken.insert(post.id.clone());
    }
}

fn leave_out_those(collected: &mut Collected, twice: &HashMap<usize, (usize, Sameness)>) {
    let posts = std::mem::take(&mut collected.posts);
    let reasons = twice.iter().map(|(index, (other, same))| {
        let (file, source) = (posts[*other].file.display().to_string(), &posts[*other].source);
        let (title, theirs) = (&posts[*index].title, &posts[*other].title);
        let called = if title == theirs { String::new() } else { format!(", as `{theirs}`") };
        (*index, format!("`{source}` has `{title}` too{called}, with the same {} ({file})", same.in_words()))
    });
    let mut reasons: HashMap<usize, String> = reasons.collect();
    for (index, post) in posts.into_iter().enumerate() {
        match reasons.remove(&index) {
            Some(reason) => collected.left_out.push(LeftOut { file: post.file, reason }),
            None => collected.posts.push(post),
        }
    }
}

/// The posts that are left out, each with the one that stays.
fn twice(posts: &[Post], texts: &Texts, sources: &[Source]) -> HashMap<usize, (usize, Sameness)> {
    let mut twice = HashMap::new();
    let one_source = posts.windows(2).all(|pair| pair[0].source == pair[1].source);
    if one_source || posts.iter().all(|post| post.origin == Origin::Own) {
        return twice;
    }
    let common = Common::of(posts, sources);
    let order = in_order(posts, &common);
    let mut first: HashMap<String, usize> = HashMap::new();
    for index in order {
        let post = &posts[index];
        let keys = common.keys(post, texts);
        let earlier = keys.sought.iter().find_map(|(key, same)| {
            let other = *first.get(key)?;
            // Within a source its own reader has told items apart.
            let is_other_source = posts[other].source != post.source;
            let is_page = key.starts_with(PAGE);
            let is_it = is_other_source && (!is_page || says_the_same(&posts[other], post));
            (post.origin == Origin::Elsewhere && is_it).then_some((other, *same))
        });
        match earlier {
            Some(earlier) => {
                twice.insert(index, earlier);
            }
            None => keys.left.into_iter().for_each(|key| {
                first.entry(key).or_insert(index);
            }),
        }
    }
    twice
}

/// Whether a post on a page may be what stands there, or the beginning of it: a long text in other words under another title is
/// about it.
fn says_the_same(home: &Post, guest: &Post) -> bool {
    let [one, other] = [title(home), title(guest)];
    let is_short = |post: &Post| post.body.as_str().len() < TELLING;
    one.contains(&other) || other.contains(&one) || is_short(home) || is_short(guest) || !has_other_words(home, guest)
}

/// Our own posts, then those from elsewhere as they were seen; of those that were seen at once, first those that are at home:
/// the original stays, in whichever order its source and a collection of such are named.
fn in_order(posts: &[Post], common: &Common<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..posts.len()).collect();
    order.sort_by_cached_key(|index| {
        let post = &posts[*index];
        let is_guest = !common.is_at_home(post) || has_foreign_id(post);
        (post.origin == Origin::Elsewhere, post.first_seen, is_guest, *index)
    });
    order
}

/// What is common among posts.
struct Common<'a> {
    /// How many posts of a source have an address: that of several, such as the front page, tells nothing.
    addresses: HashMap<(&'a str, String), usize>,
    /// The titles that posts of several sources have; only their texts need to be compared.
    titles: HashSet<String>,
    /// The ids that posts of several sources have.
    ids: HashSet<&'a PostId>,
    /// The addresses that posts of several sources have.
    pages: HashSet<String>,
    /// The hosts that sources are fetched from.
    hosts: HashMap<&'a str, String>,
}

impl<'a> Common<'a> {
    fn of(posts: &'a [Post], from: &'a [Source]) -> Self {
        let hosts = from.iter().filter_map(|source| Some((&*source.name, host(source.address()?.as_str())?)));
        let mut common = Self {
            addresses: HashMap::new(),
            titles: HashSet::new(),
            ids: HashSet::new(),
            pages: HashSet::new(),
            hosts: hosts.collect(),
        };
        let mut sources: HashMap<String, &str> = HashMap::new();
        let mut named: HashMap<&PostId, &str> = HashMap::new();
        let mut linked: HashMap<String, &str> = HashMap::new();
        for post in posts {
            let (address, title) = (canonical(&post.address), title(post));
            if *linked.entry(address.clone()).or_insert(&post.source) != post.source {
                common.pages.insert(address.clone());
            }
            *common.addresses.entry((&*post.source, address)).or_default() += 1;
            if *sources.entry(title.clone()).or_insert(&post.source) != post.source {
                common.titles.insert(title);
            }
            if *named.entry(&post.id).or_insert(&post.source) != post.source {
                common.ids.insert(&post.id);
            }
        }
        common
    }

    /// Whether a post stands at the site that its source is fetched from; of a file, at the site that it says it is of. One that
    /// names its original at another site is a guest.
    fn is_at_home(&self, post: &Post) -> bool {
        let here = host(&post.address);
        let has_namesake = || post.origin == Origin::Elsewhere && self.titles.contains(&title(post));
        let original = has_namesake().then(|| host(&bare(post.body.as_str()).original?)).flatten();
        if let (Some(original), Some(here)) = (&original, &here)
            && !is_one_site(original, here)
        {
            return false;
        }
        match (self.hosts.get(&*post.source), &here) {
            _ if post.origin == Origin::Own => true,
            (Some(from), Some(here)) => is_one_site(from, here),
            _ => {
                let site = post.credit.as_ref().and_then(|credit| credit.url.as_deref()).and_then(host);
                site.is_some() && site == here
            }
        }
    }

    /// What a post may have in common with another one.
    fn keys(&self, post: &'a Post, texts: &Texts) -> Keys {
        let language = post.language.primary();
        let mut keys = Keys::default();
        let address = canonical(&post.address);
        let title = title(post);
        // A translation may have the id of what it translates, and its title, but not its words; and `1` is an id in any feed.
        if self.ids.contains(&post.id) {
            // Two feeds of one site may both count their items.
            let is_url = Url::parse(&post.id.0).is_ok();
            let host = if is_url { "" } else { address.split(['/', '?']).next().unwrap_or("") };
            keys.both(format!("titled id {language} {host} {} {title}", post.id), Sameness::Id);
            // Collections put the name of the author before a title.
            if let Some((_, rest)) = title.split_once(": ") {
                keys.left.push(format!("titled id {language} {host} {} {rest}", post.id));
            }
            if let Some(text) = texts.of(post).or_else(|| text_hash(post)) {
                keys.both(format!("worded id {host} {} {text}", post.id), Sameness::Id);
            }
        }
        // A front page is that of any item.
        let is_page = address.contains(['/', '?']);
        if is_page && self.addresses.get(&(&*post.source, address.clone())) == Some(&1) {
            // Two sources may link the page of a third one, each with words of its own about it.
            let page = format!("{PAGE}{language} {address}");
            if self.is_at_home(post) {
                keys.left.push(page.clone());
            }
            keys.sought.push((page, Sameness::Address));
            keys.both(format!("address {language} {address} {title}"), Sameness::Address);
            if let Some((_, rest)) = title.split_once(": ") {
                keys.left.push(format!("address {language} {address} {rest}"));
            }
            if let Some(text) =
                self.pages.contains(&address).then(|| texts.of(post).or_else(|| text_hash(post))).flatten()
            {
                keys.both(format!("worded address {language} {address} {text}"), Sameness::Address);
            }
        }
        let text = || texts.of(post).or_else(|| telling_text(post));
        if let Some(text) = self.titles.contains(&title).then(text).flatten() {
            keys.both(format!("text {language} {text} {title}"), Sameness::Text);
        }
        keys
    }
}

/// By what a post is sought among those before it, and what it leaves for those after it.
#[derive(Default)]
struct Keys {
    sought: Vec<(String, Sameness)>,
    left: Vec<String>,
}

impl Keys {
    fn both(&mut self, key: String, same: Sameness) {
        self.left.push(key.clone());
        self.sought.push((key, same));
    }
}

/// The host of an address, without `www.`.
fn host(address: &str) -> Option<String> {
    Some(Url::parse(address).ok()?.host_str()?.trim_start_matches("www.").to_owned())
}

/// Whether the id of a post is an address at another site than its own.
fn has_foreign_id(post: &Post) -> bool {
    let (id, here) = (host(&post.id.0), host(&post.address));
    id.zip(here).is_some_and(|(id, here)| !is_one_site(&id, &here))
}

/// Whether two hosts are one, or one is below the other: `feeds.press.example` and `press.example`.
fn is_one_site(one: &str, other: &str) -> bool {
    let is_below = |below: &str, above: &str| {
        below.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) && above.contains('.')
    };
    one == other || is_below(one, other) || is_below(other, one)
}

fn title(post: &Post) -> String {
    post.title.trim().to_lowercase()
}

/// The words of a text without its markup, which differs by the reader it went through.
fn words(markup: &str) -> String {
    let text = super::plain::from_html(markup);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address without what does not change the page: scheme, `www.`, port, fragment, the name of a folder's page, a last
/// slash, and the parameters that count visitors.
fn canonical(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return address.to_owned() };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let kept: Vec<String> = url
        .query_pairs()
        .filter(|(name, value)| !counts_visitors(name, value))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let path = url.path();
    let of_folder = ["/index.html", "/index.htm", "/index.php"].iter().find_map(|name| path.strip_suffix(name));
    let path = of_folder.unwrap_or(path).trim_end_matches('/');
    if kept.is_empty() { format!("{host}{path}") } else { format!("{host}{path}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_one_site};
    use crate::collect::collect;
    use crate::collect::tests::{config, folder, now};
    use crate::config::SourceKind;

    #[test]
    fn addresses_of_one_page_are_one() {
        for address in [
            "https://press.example/2026/ink/",
            "http://www.press.example/2026/ink#top",
            "https://press.example:443/2026/ink?utm_source=feed&utm_medium=rss",
            "https://press.example/2026/ink/index.html?source=rss----a1&at_medium=RSS",
        ] {
            assert_eq!(canonical(address), "press.example/2026/ink", "{address}");
        }
        assert_ne!(canonical("https://press.example/?p=1"), canonical("https://press.example/?p=2"));
        assert_ne!(canonical("https://press.example/?source=a"), canonical("https://press.example/?source=b"));
    }

    fn item(id: &str, link: &str, title: &str, text: &str) -> String {
        format!(
            "<item><guid>{id}</guid><link>{link}</link><title>{title}</title><description>{text}</description></item>"
        )
    }

    fn feed(site: &str, items: &[String]) -> String {
        format!(
            "<rss version='2.0'><channel><title>F</title><link>https://{site}/</link>{}</channel></rss>",
            items.concat()
        )
    }

    #[test]
    fn two_that_link_one_page_are_two_unless_they_say_the_same() {
        let root = tempfile::tempdir().unwrap();
        let link = "https://third.example/report";
        let one = [item("a", link, "On the report", "It is good."), item("b", "https://third.example/x", "X", "Yes.")];
        let other = [item("c", link, "A bad report", "No."), item("d", "https://third.example/x", "x", "It is.")];
        std::fs::write(root.path().join("one.xml"), feed("one.example", &one)).unwrap();
        std::fs::write(root.path().join("other.xml"), feed("other.example", &other)).unwrap();
        let source = SourceKind::feed;
        let sources = vec![("one", source("one.xml")), ("other", source("other.xml"))];
        let collected = collect(&config(root.path(), sources), now()).unwrap().value;
        let ids: Vec<&str> = collected.posts.iter().map(|post| post.id.0.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
    }

    #[test]
    fn the_original_stays_whichever_comes_first() {
        let link = "https://press.example/soot";
        let own = || feed("press.example", &[item("urn:1", link, "Soot and gum", "Of soot, at length.")]);
        let planet = || feed("planet.example", &[item("urn:1", link, "Ann: Soot and gum", "Of soot")]);
        let kept = [("urn:1".to_owned(), "Soot and gum".to_owned())];
        assert_eq!(collected(&[("a.xml", planet()), ("b.xml", own())]), kept);
        assert_eq!(collected(&[("a.xml", own()), ("b.xml", planet())]), kept);
    }

    #[test]
    fn what_was_taken_from_a_collection_before_stays_under_its_id() {
        let root = tempfile::tempdir().unwrap();
        let link = "https://press.example/soot";
        let planet = feed("planet.example", &[item("urn:1", link, "Ann: Soot and gum", "Of soot")]);
        let own = feed("press.example", &[item("urn:1", link, "Soot and gum", "Of soot, at length.")]);
        std::fs::write(root.path().join("planet.xml"), planet).unwrap();
        std::fs::write(root.path().join("own.xml"), own).unwrap();
        let source = SourceKind::feed;
        let alone = config(root.path(), vec![("planet", source("planet.xml"))]);
        let first = collect(&alone, now()).unwrap().value;
        let path = root.path().join(crate::collect::sightings_path(&alone, "planet"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let lines: String =
            first.sightings.iter().map(|sighting| serde_json::to_string(sighting).unwrap() + "\n").collect();
        std::fs::write(path, lines).unwrap();
        let both = vec![("own", source("own.xml")), ("planet", source("planet.xml"))];
        let later = now() + chrono::Duration::days(1);
        let posts = collect(&config(root.path(), both), later).unwrap().value.posts;
        let found: Vec<(&str, &str)> = posts.iter().map(|post| (&*post.source, &*post.id.0)).collect();
        assert_eq!(found, [("planet", "urn:1")]);
    }

    #[test]
    fn a_text_that_says_where_it_stands_first_is_the_same() {
        let text = format!("&lt;p&gt;{}&lt;/p&gt;", "Soot was gathered from the chimneys of the town. ".repeat(9));
        let link = "https://press.example/soot";
        let mark =
            format!("&lt;p&gt;Originally published at &lt;a href=\"{link}\"&gt;press.example&lt;/a&gt;.&lt;/p&gt;");
        let own = |more: &str| feed("press.example", &[item("1", link, "Soot", &[&text, more].concat())]);
        let copy = |more: &str| {
            let page = "https://medium.example/soot";
            feed("medium.example", &[item("2", page, "Soot", &[&text, more].concat())])
        };
        let first = "&lt;p&gt;The post Soot appeared first on The Press.&lt;/p&gt;";
        for feeds in [
            [("a.xml", own("")), ("b.xml", copy(&mark))],
            [("a.xml", copy(&mark)), ("b.xml", own(""))],
            [("a.xml", own(first)), ("b.xml", copy(""))],
            [("a.xml", own(first)), ("b.xml", copy(&mark))],
        ] {
            assert_eq!(collected(&feeds), [("1".to_owned(), "Soot".to_owned())]);
        }
        let street = "&lt;p&gt;The water is off on Long Street.&lt;/p&gt;";
        assert_eq!(collected(&[("a.xml", own("")), ("b.xml", copy(street))]).len(), 2);
    }

    fn collected(feeds: &[(&str, String); 2]) -> Vec<(String, String)> {
        let root = tempfile::tempdir().unwrap();
        let source = SourceKind::feed;
        for (name, text) in feeds {
            std::fs::write(root.path().join(name), text).unwrap();
        }
        let sources = feeds.iter().map(|(name, _)| (*name, source(name))).collect();
        let posts = collect(&config(root.path(), sources), now()).unwrap().value.posts;
        posts.into_iter().map(|post| (post.id.0, post.title)).collect()
    }

    #[test]
    fn nobody_can_take_a_post_away_by_naming_it_before() {
        let news = item("https://v.example/?p=2", "https://v.example/p2/", "Real news", "The bridge is open.");
        let victim = feed("v.example", &[news]);
        let both = |site: &str, id: &str, link: &str| {
            let evil = feed(site, &[item(id, link, "Buy now", "Cheap.")]);
            collected(&[("evil.xml", evil), ("victim.xml", victim.clone())])
        };
        let real = ("https://v.example/?p=2".to_owned(), "Real news".to_owned());
        for (id, link) in [
            ("https://v.example/?p=2", "https://evil.example/"),
            ("https://v.example/?p=2", "https://v.example/p2/"),
            ("e", "https://v.example/p2/"),
        ] {
            assert!(both("evil.example", id, link).contains(&real), "{id}, {link}");
        }
    }

    #[test]
    fn words_about_a_page_are_no_copy_of_it() {
        let link = "https://press.example/soot";
        let own = || feed("press.example", &[item("1", link, "Soot", &"Soot was gathered from chimneys. ".repeat(9))]);
        let about = |text: &str| feed("links.example", &[item("2", link, "Worth reading", text)]);
        let words = "What nobody told us at school, and why printers were ashamed to buy it by day. ".repeat(4);
        assert_eq!(collected(&[("a.xml", about(&words)), ("b.xml", own())]).len(), 2);
        assert_eq!(collected(&[("a.xml", own()), ("b.xml", about(&words))]).len(), 2);
        assert_eq!(collected(&[("a.xml", own()), ("b.xml", about("Soot was gathered"))]).len(), 1);
    }

    #[test]
    fn sites_are_those_of_hosts_and_what_is_below_them() {
        assert!(is_one_site("feeds.press.example", "press.example") && is_one_site("a.example", "a.example"));
        assert!(!is_one_site("xpress.example", "press.example") && !is_one_site("press.example", "example"));
    }

    #[test]
    fn an_id_that_is_no_address_means_a_post_of_its_feed_alone() {
        let one = feed("one.example", &[item("1", "https://one.example/a", "Flood in the valley", "Water.")]);
        let other = feed("other.example", &[item("1", "https://other.example/x", "Recipes", "Cake.")]);
        let posts = collected(&[("one.xml", one), ("other.xml", other)]);
        let found: Vec<(&str, &str)> = posts.iter().map(|(id, title)| (&**id, &**title)).collect();
        assert_eq!(found, [("1", "Flood in the valley"), ("1#https://other.example/x", "Recipes")]);
    }

    #[test]
    fn two_feeds_of_one_site_may_both_count_their_items() {
        let numbered = |title: &str, text: &str| {
            let item = item("1", "", title, text).replace("<link></link>", "");
            feed("s.example", &[item])
        };
        let news = || numbered("News one", "The bridge is open.");
        for (other, expected) in [
            (numbered("Event one", "A fair."), 2),
            (numbered("News one", "It is closed."), 1),
            (numbered("Of the bridge", "The bridge is open."), 1),
        ] {
            assert_eq!(collected(&[("news.xml", news()), ("other.xml", other)]).len(), expected);
        }
    }

    #[test]
    fn a_translation_with_the_id_of_what_it_translates_stays() {
        let one = feed("press.example", &[item("urn:a", "https://press.example/en/a", "Ink", "On ink.")]);
        let persian = item("urn:a", "https://press.example/fa/a", "\u{645}\u{631}\u{6a9}\u{628}", "\u{62f}\u{631}");
        let other = feed("press.example", &[persian]).replace("<link>", "<language>fa</language><link>");
        let again = feed("press.example", &[item("urn:a", "https://press.example/fa/a", "Ink", "On ink.")]);
        let again = again.replace("<link>", "<language>fa</language><link>");
        let posts = collected(&[("en.xml", one.clone()), ("fa.xml", other)]);
        assert_eq!((posts.len(), &*posts[1].0), (2, "urn:a#https://press.example/fa/a"));
        let named_alike =
            item("urn:a", "https://press.example/fa/a", "Ink", "\u{62f}\u{631} \u{645}\u{631}\u{6a9}\u{628}");
        let named_alike = feed("press.example", &[named_alike]).replace("<link>", "<language>fa</language><link>");
        assert_eq!(collected(&[("en.xml", one.clone()), ("fa.xml", named_alike)]).len(), 2);
        assert_eq!(collected(&[("en.xml", one), ("again.xml", again)]).len(), 1, "one text, whatever its feed says");
    }

    #[test]
    fn the_same_piece_from_several_sources_is_one_post() {
        let root = tempfile::tempdir().unwrap();
        let long = "A text that is long enough to be known again. ".repeat(8);
        std::fs::create_dir(root.path().join("posts")).unwrap();
        std::fs::write(root.path().join("posts/ours.md"), "---\ntitle: Ours\n---\nText.\n").unwrap();
        let one = [
            item("a", "https://press.example/a", "A", "One."),
            item("e", "https://press.example/e", "E", "Five."),
            item("b", "https://press.example/", "B", &long),
            item("c", "https://press.example/", "C", "Three."),
        ];
        let other = [
            item("x", "http://www.press.example/a/?utm_source=planet", "A", "One, shortened"),
            item("v", "http://www.press.example/e/", "Of E, again", "Five."),
            item("y", "https://planet.example/b", "b", &long),
            item("z", "https://press.example/", "D", "Another."),
            item("w", "https://compositor.example/posts/ours/", "Ours", "Text."),
        ];
        std::fs::write(root.path().join("one.xml"), feed("press.example", &one)).unwrap();
        std::fs::write(root.path().join("other.xml"), feed("planet.example", &other)).unwrap();
        let source = SourceKind::feed;
        let sources = vec![("other", source("other.xml")), ("one", source("one.xml")), ("posts", folder("posts"))];
        let collected = collect(&config(root.path(), sources), now()).unwrap().value;
        let ids: Vec<&str> = collected.posts.iter().map(|post| post.id.0.as_str()).collect();
        assert_eq!(ids, ["y", "z", "a", "e", "c", "tag:compositor.example,2026-08-01:posts/en/ours"]);
        let reasons: Vec<&str> = collected.left_out.iter().map(|out| out.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "`one` has `A` too, with the same address (one.xml)",
                "`one` has `Of E, again` too, as `E`, with the same address (one.xml)",
                "`posts` has `Ours` too, with the same address (posts/ours.md)",
                "`other` has `B` too, as `b`, with the same title and text (other.xml)",
            ]
        );
        assert_eq!(collected.files_found, collected.posts.len() + collected.left_out.len());
    }
}
