//! Everything under public/: posts, issues, feeds, and the files they show.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::artefacts::{Artefacts, Order, Workshop};
use super::exposed;
use super::files::Tally;
use super::leads::Leads;
use super::public::{self, Begun, Copied, TakenAway, Target};
use super::report::Report;
use super::session::Session;
use super::shelf::{ASSETS, Shelf};
use super::stock::located;
use super::unlinked;
use crate::assemble::members::Members;
use crate::assemble::moved::{moved, of_bound};
use crate::collect::svg::is_named_so;
use crate::config::{Config, MailPictures};
use crate::error::{Place, Result, Warning};
use crate::model::{Issue, IssueKey, Language, MailPolicy, Origin, Post, PostId, asset_address};
use crate::render::web::{Pages, Planned};
use crate::render::{Edition, Output, Pdf, PublicIssue, Site, feed, web};
use crate::templates::Templates;

/// An issue with what is made of it.
pub(super) struct Made<'a> {
    pub(super) issue: &'a Issue,
    pub(super) artefacts: Artefacts,
}

/// Makes the PDF and the digest of each issue.
pub(super) fn make<'a>(
    session: &mut Session,
    config: &Config,
    templates: &Templates,
    issues: &[&'a Issue],
) -> Result<Vec<Made<'a>>> {
    let shelf = Shelf::new(&config.root);
    session.warnings.extend(gone(&shelf, issues));
    let orders: Vec<Order<'_>> = issues
        .iter()
        .map(|issue| {
            let lists = config.series(&issue.key.series).map(|series| series.lists.as_slice()).unwrap_or_default();
            Order { issue, list: lists.first().and_then(|key| config.list(key)) }
        })
        .collect();
    let made = Workshop::new(config, &shelf, templates).make(session, &orders)?;
    Ok(issues.iter().zip(made).map(|(issue, artefacts)| Made { issue, artefacts }).collect())
}

/// A warning for each file of a frozen issue that is no longer beside it. Of a withdrawn one nothing is shown, and its editor may
/// have taken away what nobody is to have.
fn gone(shelf: &Shelf, issues: &[&Issue]) -> Vec<Warning> {
    let frozen = issues.iter().filter(|issue| issue.frozen.is_some() && issue.withdrawn().is_none());
    let assets = frozen.flat_map(|issue| issue.assets.iter().map(|asset| (&issue.key, &asset.name)));
    assets
        .filter(|(key, name)| !shelf.asset(key, name).is_file())
        .map(|(key, name)| {
            Warning::new("this file of a frozen issue is gone")
                .at(Place::file(Shelf::shown(key, ASSETS).join(name)))
                .hint("bring it back from a backup; until then pages are without it")
        })
        .collect()
}

/// A site that is to be written, or the first part of one.
pub(super) struct Drawn {
    /// Pages, PDFs, and digests.
    outputs: Vec<Output>,
    /// The files that these show.
    copied: Vec<Copied>,
    feeds: Vec<Output>,
    /// How many posts are out, but for members only.
    pub(super) for_members: usize,
    /// Addresses of such, at which nothing stands.
    pub(super) nowhere: BTreeSet<String>,
}

impl Drawn {
    /// The paths of its files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let outputs = self.outputs.iter().chain(&self.feeds);
        outputs.map(|output| &*output.path).chain(self.copied.iter().map(|copy| &*copy.path))
    }

    /// Says how many posts are for members only, where there are some.
    pub(super) fn tell(&self, report: &mut Report) {
        match self.for_members {
            0 => {}
            1 => report.line("1 post is for members only, and not on the web"),
            count => report.line(format!("{count} posts are for members only, and not on the web")),
        }
        report.set("for_members", json!(self.for_members));
    }

    /// Writes what changed of this part of a site below the target's folder.
    pub(super) fn begin<'t>(&self, session: &Session, target: Target<'t>) -> Result<Begun<'t>> {
        session.progress("writing");
        public::begin(target, &self.outputs, &self.copied)
    }

    /// Writes what changed of a whole site.
    pub(super) fn write(&self, session: &Session, target: Target<'_>) -> Result<(Tally, TakenAway)> {
        let mut begun = self.begin(session, target)?;
        let taken_away = begun.finish(&self.feeds)?;
        Ok((begun.tally(), taken_away))
    }
}

/// So many pages are drawn before they are written, where others wait for neither.
const TOGETHER: usize = 128;

/// The pages of a site that are not drawn yet, and all feeds.
pub(super) struct Rest<'a> {
    pages: Vec<Planned<'a>>,
    fed: &'a Site<'a>,
    templates: &'a Templates,
    sizes: feed::Sizes,
}

impl<'a> Rest<'a> {
    /// Takes the pages out that mail leads to, unless the whole site is to come first.
    fn first(&mut self, drawn: &Drawn, leads: &Leads) -> Option<Vec<Planned<'a>>> {
        if leads.are_none() {
            return None;
        }
        let files: BTreeSet<&str> = self.pages.iter().map(|page| page.file.as_str()).chain(drawn.paths()).collect();
        let first: BTreeSet<String> = leads.files(&files)?.into_iter().map(str::to_owned).collect();
        Some(self.pages.extract_if(.., |page| first.contains(&page.file)).collect())
    }

    /// Draws them: the pages, and the feeds.
    pub(super) fn draw(&self) -> Result<(Vec<Output>, Vec<Output>)> {
        let feeds = || feed::write(self.fed, self.templates, self.sizes);
        let (pages, feeds) = rayon::join(|| web::draw(&self.pages), feeds);
        Ok((pages?, feeds?))
    }

    /// Draws and writes them, see [`Begun::finish`]: some pages after the other, so that these need not all be kept.
    pub(super) fn write(&self, begun: &mut Begun<'_>) -> Result<TakenAway> {
        begun.expect(self.pages.iter().map(|page| page.file.as_str()))?;
        let mut done = Ok(());
        for pages in self.pages.chunks(TOGETHER) {
            let drawn = web::draw(pages)?;
            // What cannot be written keeps no other page away.
            done = done.and(begun.go_on(&drawn));
        }
        done?;
        begun.finish(&feed::write(self.fed, self.templates, self.sizes)?)
    }
}

/// What a site shows beside what is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Showing {
    /// Nothing.
    Out,
    /// Drafts of issues.
    DraftIssues,
    /// Posts as well that are held back or dated ahead: for the eyes of those who make it.
    Everything,
}

impl From<bool> for Showing {
    fn from(drafts: bool) -> Self {
        if drafts { Self::DraftIssues } else { Self::Out }
    }
}

/// Draws the site of what is `made`; `former` posts were for members in series that there are no more.
pub(super) fn draw(
    session: &mut Session,
    config: &Config,
    templates: &Templates,
    posts: &[Post],
    made: (&[Made<'_>], &BTreeSet<PostId>),
    showing: Showing,
) -> Result<Drawn> {
    let no_mail = Leads::default();
    draw_for_mail(session, config, templates, posts, made, (showing, &no_mail), |_, drawn, _| Ok(drawn))
}

/// Draws a site, and gives it to `then`. Where mail leads to known pages, only they are drawn, and `then` is given what draws the
/// rest.
pub(super) fn draw_for_mail<R>(
    session: &mut Session,
    config: &Config,
    templates: &Templates,
    posts: &[Post],
    (made, former): (&[Made<'_>], &BTreeSet<PostId>),
    (showing, leads): (Showing, &Leads),
    then: impl FnOnce(&mut Session, Drawn, Option<&Rest<'_>>) -> Result<R>,
) -> Result<R> {
    session.progress("drawing pages");
    let drafts = if showing == Showing::Everything { draft_posts(session, templates, posts) } else { Vec::new() };
    let (shown, inside): (Vec<&Made<'_>>, Vec<&Made<'_>>) = made.iter().partition(|made| is_public(config, made.issue));
    let members = members(config, made.iter().map(|made| made.issue), former);
    session.warnings.extend(exposed::told(config, &members, posts));
    let out = posts.iter().filter(|post| is_out(session, post)).chain(&drafts);
    let (inside_posts, posts): (Vec<&Post>, Vec<&Post>) = out.partition(|post| members.alone_have(post));
    let all_posts = || posts.iter().chain(&inside_posts).copied();
    let nowhere = members.nowhere(all_posts());
    session.warnings.extend(unlinked::told(posts.iter().copied(), &nowhere, &config.publication.base_url));
    // Links to what is for members only are moved, too: there they are known for what they are.
    let moved = moved_issues(config, all_posts(), &shown, made);
    let site = Site {
        publication: &config.publication,
        editions: editions(config, posts, &shown),
        issues: issues(config, &shown, &moved),
        titles: config.series.iter().map(|series| (series.key.as_str(), series.title.as_str())).collect(),
        descriptions: config
            .series
            .iter()
            .filter_map(|series| Some((series.key.as_str(), series.description.as_deref()?)))
            .collect(),
        subscribe: config.subscribe_address(),
        nowhere: &nowhere,
        page_size: config.page_size,
        drafts: showing != Showing::Out,
    };
    let pages = session.heed(Pages::of(&site, templates));
    let mut copied = copied(config, &site, &inside);
    copied.retain(|copy| copy.file.is_file());
    // Of what is not out no feed is told, wherever it is.
    let fed = (!drafts.is_empty()).then(|| without(&site, &drafts));
    let sizes = feed::Sizes { whole: config.feed_size, group: config.group_feed_size };
    let mut rest = Rest { pages: pages.plan(), fed: fed.as_ref().unwrap_or(&site), templates, sizes };
    let (outputs, for_members) = (artefacts(&shown).collect(), inside_posts.len());
    let mut drawn = Drawn { outputs, copied, feeds: Vec::new(), for_members, nowhere: nowhere.clone() };
    if let Some(first) = rest.first(&drawn, leads) {
        drawn.outputs.extend(web::draw(&first)?);
        return then(session, drawn, Some(&rest));
    }
    let (pages, feeds) = rest.draw()?;
    drawn.outputs.extend(pages);
    drawn.feeds = feeds;
    then(session, drawn, None)
}

/// The PDFs and the digests of issues, where they stand.
fn artefacts<'m>(shown: &'m [&'m Made<'_>]) -> impl Iterator<Item = Output> + 'm {
    shown.iter().flat_map(|Made { issue, artefacts }| {
        artefacts.public().map(|(name, bytes)| Output {
            path: format!("{}/{}/{name}", issue.key.series, issue.key.ordinal),
            bytes: bytes.clone().into(),
        })
    })
}

/// What is in each language: posts that are on the web, newest first; a language that has only issues too.
fn editions<'a>(config: &Config, posts: Vec<&'a Post>, made: &[&Made<'_>]) -> Vec<Edition<'a>> {
    let default = &config.publication.language;
    let mut by_language: BTreeMap<&Language, Vec<&Post>> = BTreeMap::new();
    for issue in made.iter().map(|made| made.issue) {
        if let Some(series) = config.series(&issue.key.series) {
            by_language.entry(&series.language).or_default();
        }
    }
    let languages: Vec<Language> = by_language.into_keys().cloned().collect();
    let mut by_language: BTreeMap<Language, Vec<&Post>> =
        languages.into_iter().map(|language| (language, Vec::new())).collect();
    by_language.entry(default.clone()).or_default();
    let only_in_issues: BTreeSet<&str> =
        config.sources.iter().filter(|source| source.only_in_issues).map(|source| source.name.as_str()).collect();
    let is_apart = |post: &Post| only_in_issues.contains(post.source.as_str());
    // One that stands elsewhere has nothing here.
    let has_nothing = |post: &Post| is_apart(post) && post.origin == Origin::Elsewhere && !post.has_page_of_ours();
    for post in posts.into_iter().filter(|post| !has_nothing(post)) {
        by_language.entry(post.language.clone()).or_default().push(post);
    }
    let mut editions: Vec<Edition<'a>> = by_language
        .into_iter()
        .map(|(language, mut posts)| {
            posts.sort_by(|a, b| (b.date(), &a.id).cmp(&(a.date(), &b.id)));
            let (apart, posts) = posts.into_iter().partition(|post| is_apart(post));
            Edition { publication: config.publication.in_language(&language), language, posts, apart }
        })
        .collect();
    editions.sort_by_key(|edition| edition.language != *default);
    editions
}

/// The posts that are not out, each called a draft in its title, in its language: so every page says it, and every list, in
/// whatever templates.
fn draft_posts(session: &Session, templates: &Templates, posts: &[Post]) -> Vec<Post> {
    let called = |post: &Post| {
        let word = templates.strings().get(&post.language, "draft").unwrap_or("Draft");
        Post { title: format!("[{word}] {}", post.title), ..post.clone() }
    };
    posts.iter().filter(|post| !is_out(session, post)).map(called).collect()
}

/// The same site without these posts.
fn without<'a>(site: &Site<'a>, posts: &[Post]) -> Site<'a> {
    let ids: BTreeSet<&PostId> = posts.iter().map(|post| &post.id).collect();
    let mut fed = site.clone();
    for edition in &mut fed.editions {
        edition.posts.retain(|post| !ids.contains(&post.id));
    }
    fed
}

/// Whether a post may be seen: no draft, and dated at or before now.
pub(super) fn is_out(session: &Session, post: &Post) -> bool {
    !post.draft && post.date() <= session.now
}

/// Whether an issue may stand under public/: its series was public when it was frozen, and is so now.
pub(super) fn is_public(config: &Config, issue: &Issue) -> bool {
    issue.series.public && config.series(&issue.key.series).is_none_or(|series| series.public)
}

/// What is for members only, as config.toml and these issues have it; `former` were so in series that there are no more.
pub(super) fn members<'a>(
    config: &'a Config,
    issues: impl Iterator<Item = &'a Issue>,
    former: &'a BTreeSet<PostId>,
) -> Members<'a> {
    Members::new(&config.series, config.publication.time_zone, issues, |issue| is_public(config, issue), former)
}

/// The issues that were frozen, or bind such as were, under another address of the publication, with their links to what stands
/// at today's. `all` are also those that are not shown.
fn moved_issues<'m, 'p>(
    config: &Config,
    posts: impl Iterator<Item = &'p Post>,
    shown: &[&'m Made<'_>],
    all: &[Made<'_>],
) -> BTreeMap<&'m IssueKey, Issue> {
    let home = &config.publication.base_url;
    if all.iter().all(|made| made.issue.publication.base_url == *home) {
        return BTreeMap::new();
    }
    let pages = shown.iter().map(|made| &made.issue.key);
    let pages =
        pages.flat_map(|key| [format!("{home}{}/", key.series), format!("{home}{}/{}/", key.series, key.ordinal)]);
    let pages: BTreeSet<String> = pages.chain([home.clone()]).collect();
    let of_posts: BTreeSet<&str> = posts.flat_map(Post::addresses).collect();
    let stands = |page: &str| of_posts.contains(page) || pages.contains(page);
    let all: Vec<&Issue> = all.iter().map(|made| made.issue).collect();
    let now = |issue: &Issue| {
        let mut former = of_bound(issue, &all);
        former.insert(&issue.publication.base_url);
        moved(issue, &former, home, stands)
    };
    shown.iter().filter_map(|made| Some((&made.issue.key, now(made.issue)?))).collect()
}

/// Issues of public series, those of `moved` as they stand there: series in the order of config.toml, in each the newest issue
/// first.
fn issues<'a>(config: &Config, made: &[&Made<'a>], moved: &'a BTreeMap<&IssueKey, Issue>) -> Vec<PublicIssue<'a>> {
    let rank = |issue: &Issue| config.series.iter().position(|series| series.key == issue.key.series);
    let mut ordered: Vec<&&Made<'a>> = made.iter().collect();
    ordered.sort_by(|a, b| {
        (rank(a.issue), b.issue.window, b.issue.ordinal()).cmp(&(rank(b.issue), a.issue.window, a.issue.ordinal()))
    });
    ordered
        .into_iter()
        .map(|made| {
            let name = Artefacts::pdf_name(made.issue);
            let pdf = made.artefacts.files.get(&name).map(|bytes| Pdf {
                path: format!("{}/{}/{name}", made.issue.key.series, made.issue.key.ordinal),
                length: bytes.len() as u64,
            });
            PublicIssue { issue: moved.get(&made.issue.key).unwrap_or(made.issue), pdf }
        })
        .collect()
}

/// The files that posts and issues show, each once, under the hash of its bytes; those of `inside`, which are for members
/// only, as far as mails show them: nobody finds such a name who was not given it.
fn copied(config: &Config, site: &Site<'_>, inside: &[&Made<'_>]) -> Vec<Copied> {
    let shelf = Shelf::new(&config.root);
    let mut names = BTreeSet::new();
    let mut copied = Vec::new();
    if let Some((file, path)) = config.logo.as_deref().zip(config.publication.logo.clone()) {
        let file = config.path(file);
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        copied.push(Copied { path, file, length });
    }
    let in_mails = inside.iter().map(|made| made.issue).filter(|issue| is_mailed(config, issue));
    let public = site.issues.iter().map(|public| (public.issue, false));
    let of_issues = public.chain(in_mails.map(|issue| (issue, true)));
    for (issue, in_mails) in of_issues.filter(|(issue, _)| issue.withdrawn().is_none()) {
        let is_on_the_web = |name: &String| {
            // No message encloses one in SVG.
            let is_fetched = !in_mails
                || config.mail.pictures == MailPictures::Linked
                || is_named_so(name)
                || is_linked(issue, name);
            is_fetched && issue.imported_pdf.as_ref() != Some(name)
        };
        for asset in issue.assets.iter().filter(|asset| is_on_the_web(&asset.name)) {
            let file = match issue.frozen {
                Some(_) => shelf.asset(&issue.key, &asset.name),
                None => continue,
            };
            if names.insert(asset.name.clone()) {
                copied.push(Copied { path: format!("assets/{}", asset.name), file, length: asset.length });
            }
        }
    }
    let drafts = site.issues.iter().filter(|public| public.issue.frozen.is_none());
    let of_drafts = drafts.flat_map(|public| public.issue.files());
    let posts = site.editions.iter().flat_map(Edition::all_posts);
    for asset in posts.flat_map(|post| &post.assets).chain(of_drafts) {
        if names.insert(asset.name.clone()) {
            let file = located(&config.root, &asset.file);
            copied.push(Copied { path: format!("assets/{}", asset.name), file, length: asset.length });
        }
    }
    copied
}

/// Whether an issue goes out by mail.
fn is_mailed(config: &Config, issue: &Issue) -> bool {
    let may_be = config.series(&issue.key.series).is_some_and(|series| series.mail != MailPolicy::Never);
    may_be && config.mail.from.is_some()
}

/// Whether an article or an introduction leads to this file, so that no message holds it.
fn is_linked(issue: &Issue, name: &str) -> bool {
    let address = asset_address(name);
    let link = format!("href=\"{address}");
    issue.markup().any(|html| html.as_str().contains(&link))
        || issue.articles().any(|article| article.post.enclosures.iter().any(|file| file.address == address))
}
