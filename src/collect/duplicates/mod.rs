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
    keep_apart(&mut collected.posts, texts, sources);
}

/// Gives posts from elsewhere whose id is that of another source's post, but which are other posts, their addresses as
/// part of their ids. The post that was seen first keeps its id as it is; of those that were seen at once, the one that is at
/// home.
fn keep_apart(posts: &mut [Post], texts: &Texts, sources: &[Source]) {
    let ids: HashSet<&PostId> = posts.iter().map(|post| &post.id).collect();
    if ids.len() == posts.len() {
        return;
    }
    let mut taken: HashSet<PostId> = HashSet::new();
    let order = in_order(posts, texts, &Common::of(posts, sources));
    for index in order {
        let post = &mut posts[index];
        let by_address = format!("{}#{}", post.id, post.id_place().address);
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
    let order = in_order(posts, texts, &common);
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
/// the original stays, in whichever order its source and a collection of such are named. Of guests the fuller text comes first.
fn in_order(posts: &[Post], texts: &Texts, common: &Common<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..posts.len()).collect();
    order.sort_by_cached_key(|index| {
        let post = &posts[*index];
        let home = if has_foreign_id(post) { Home::Guest } else { common.home(post) };
        let is_stub = texts.of(post).is_none() && post.body.as_str().len() < TELLING;
        (post.origin == Origin::Elsewhere, post.first_seen, home, home != Home::Own && is_stub, *index)
    });
    order
}

/// How a post belongs to the site that its address is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    /// Its source is fetched from there.
    Own,
    /// Its source says that it is of that site, as a feed does that a service hands out. Anybody can say so: it tells which of two
    /// that are the same is the original, and proves nothing else.
    Said,
    /// It stands there no more than anybody's.
    Guest,
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
    /// The site that all posts of a source are credited to; nothing where there are several.
    credited: HashMap<&'a str, Option<&'a str>>,
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
            credited: HashMap::new(),
        };
        let mut sources: HashMap<String, &str> = HashMap::new();
        let mut named: HashMap<&PostId, &str> = HashMap::new();
        let mut linked: HashMap<String, &str> = HashMap::new();
        for post in posts {
            let site = post.credit.as_ref().and_then(|credit| credit.url.as_deref());
            let credited = common.credited.entry(&post.source).or_insert(site);
            *credited = credited.filter(|_| *credited == site);
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

    /// Whether a post stands at the site that its source is fetched from, or is of; of a file, at the site that it says it is of. One
    /// that names its original at another site is a guest.
    fn home(&self, post: &Post) -> Home {
        let here = host(&post.address);
        let has_namesake = || post.origin == Origin::Elsewhere && self.titles.contains(&title(post));
        let original = has_namesake().then(|| host(&bare(post.body.as_str()).original?)).flatten();
        if let (Some(original), Some(here)) = (&original, &here)
            && !is_one_site(original, here)
        {
            return Home::Guest;
        }
        let Some(here) = here.filter(|_| post.origin == Origin::Elsewhere) else {
            return if post.origin == Origin::Own { Home::Own } else { Home::Guest };
        };
        let from = self.hosts.get(&*post.source);
        let site = post.credit.as_ref().and_then(|credit| credit.url.as_deref()).and_then(host);
        match from {
            Some(from) if is_one_site(from, &here) => Home::Own,
            None if site.as_ref() == Some(&here) => Home::Own,
            // A collection credits each of its posts to the site that it is from.
            Some(_) if site.as_ref() == Some(&here) && self.is_of_one_site(post) => Home::Said,
            _ => Home::Guest,
        }
    }

    /// Whether the posts of a source are all credited to one site.
    fn is_of_one_site(&self, post: &Post) -> bool {
        self.credited.get(&*post.source).is_some_and(Option::is_some)
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
                keys.both(format!("titled id {language} {host} {} {rest}", post.id), Sameness::Id);
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
            if self.home(post) == Home::Own {
                keys.left.push(page.clone());
            }
            keys.sought.push((page, Sameness::Address));
            keys.both(format!("address {language} {address} {title}"), Sameness::Address);
            if let Some((_, rest)) = title.split_once(": ") {
                keys.both(format!("address {language} {address} {rest}"), Sameness::Address);
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
mod tests;
