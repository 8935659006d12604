//! Composing drafts: an editor's file, the posts of its window, and the numbers given so far make an issue.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::collected::write_pictures;
use super::public::Target;
use super::session::Session;
use super::shelf::{EDITORIAL, Shelf};
use super::site;
use super::stock::{self, Draft, Stock};
use super::unlinked;
use crate::assemble::bind;
use crate::assemble::closed::Closed;
use crate::assemble::draft::{Material, draft as assemble_draft};
use crate::assemble::editorial::{Editorial, Moment};
use crate::assemble::ledger::Ledger;
use crate::assemble::members::Members;
use crate::assemble::moved::{moved, of_bound};
use crate::assemble::number;
use crate::assemble::plan::{Plan, Scope, amendment, plan};
use crate::assemble::schedule::{Agenda, Line, closed_empty, due, next_window, opened_window};
use crate::assemble::window::{describe, midnight, shown_time};
use crate::collect::kept::NewFile;
use crate::collect::{self, Introduction};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Issue, IssueKey, Number, Post, PostId, Series, Window};

/// What every series is composed from.
pub(super) struct Desk<'a> {
    pub(super) config: &'a Config,
    pub(super) shelf: Shelf,
    pub(super) posts: &'a [Post],
    /// What each series has on disk, by key.
    pub(super) stocks: BTreeMap<String, Arc<Stock>>,
    /// The posts that series had for members of which config.toml has no more.
    pub(super) former: BTreeSet<PostId>,
    /// Why nobody knows whether these are all.
    unreadable: Option<Error>,
    /// Standing articles by series.
    standing: BTreeMap<String, Vec<Post>>,
    /// How far each series has come, once it was asked.
    agendas: BTreeMap<String, Agenda>,
}

/// A series while it is being decided: what it has decided about its posts, and its issues so far.
pub(super) struct Composition<'a> {
    pub(super) series: &'a Series,
    ledger: Ledger<'a>,
    bound: Vec<Issue>,
    /// Frozen issues and composed drafts, by window.
    pub(super) issues: Vec<Issue>,
    /// What the editors of the drafts say, by ordinal.
    pub(super) drafts: BTreeMap<u64, Draft>,
    pub(super) next_ordinal: u64,
    /// Windows that closed without a post.
    pub(super) closed: Vec<Closed>,
}

impl Composition<'_> {
    /// Whether an issue is a draft that closed empty: it may stay so for ever, and those after it are numbered without it,
    /// unless its editor has given it a number.
    fn takes_no_number(&self, issue: &Issue, now: DateTime<Utc>) -> bool {
        let draft = self.drafts.get(&issue.ordinal());
        closed_empty(issue, now) && draft.is_some_and(|draft| draft.editorial.label.is_none())
    }
}

impl<'a> Desk<'a> {
    /// Reads what every series has on disk.
    pub(super) fn open(session: &mut Session, config: &'a Config, posts: &'a [Post]) -> Result<Self> {
        let shelf = Shelf::new(&config.root);
        let mut stocks = BTreeMap::new();
        for series in &config.series {
            let stock = Stock::read(session, &shelf, series, config.publication.time_zone)?;
            stocks.insert(series.key.clone(), Arc::new(stock));
        }
        let (former, unreadable) = stock::former(session, &shelf, &config.series)?;
        let (standing, agendas) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { config, shelf, posts, stocks, former, unreadable, standing, agendas })
    }

    /// An error where an issue of a series that is no more cannot be read: what it holds may be for members alone, and is not
    /// to be published.
    pub(super) fn refuse_if_unreadable(&mut self) -> Result<()> {
        self.unreadable.take().map_or(Ok(()), Err)
    }

    /// The same desk, which writes nothing.
    pub(super) fn rehearsing(mut self) -> Self {
        self.shelf.is_rehearsal = true;
        self
    }

    /// A series by its key. An error of kind `Usage` with the nearest name.
    pub(super) fn series(&self, key: &str) -> Result<&'a Series> {
        self.config.series(key).ok_or_else(|| {
            let keys = self.config.series.iter().map(|series| series.key.as_str());
            Error::new(ErrorKind::Usage, format!("there is no series `{key}`")).nearest(key, keys)
        })
    }

    /// The series in an order in which those that are bound come before those that bind them.
    pub(super) fn in_order(&self) -> Vec<&'a Series> {
        let bound_by = |series: &&'a Series| self.config.series(series.binds.as_ref()?);
        let mut ordered: Vec<&Series> = self.config.series.iter().collect();
        // Nothing binds itself, as the configuration is read, so that each chain ends.
        ordered.sort_by_cached_key(|series| std::iter::successors(Some(*series), bound_by).count());
        ordered
    }

    /// Where the site goes: pages of series that cannot be read stay as they are.
    pub(super) fn target<'f>(&self, folder: &'f Path) -> Target<'f> {
        let blocked = self.stocks.iter().filter(|(_, stock)| stock.blocked);
        Target { folder, kept: blocked.map(|(key, _)| key.clone()).collect() }
    }

    /// What a series has on disk.
    pub(super) fn stock(&self, series: &Series) -> Arc<Stock> {
        self.stocks.get(&series.key).cloned().unwrap_or_default()
    }

    /// Starts deciding a series: the frozen issues are recorded, and each draft is composed in turn.
    pub(super) fn compose(&mut self, session: &mut Session, series: &'a Series) -> Result<Composition<'a>> {
        let stock = self.stock(series);
        let mut ledger = Ledger::new(series, &self.config.publication, self.posts, session.now);
        for issue in &stock.frozen {
            ledger.record(issue);
        }
        let bound = series.binds.as_ref().and_then(|bound| self.stocks.get(bound));
        let bound = bound.map(|bound| bound.frozen.clone()).unwrap_or_default();
        let mut composition = Composition {
            series,
            ledger,
            bound,
            issues: stock.frozen.clone(),
            drafts: BTreeMap::new(),
            next_ordinal: stock.next_ordinal,
            closed: stock.closed.clone(),
        };
        for draft in &stock.drafts {
            self.add_draft(session, &mut composition, draft.clone())?;
        }
        Ok(composition)
    }

    /// Composes a draft into the series: what it takes, later drafts do not.
    pub(super) fn add_draft(
        &mut self,
        session: &mut Session,
        composition: &mut Composition<'a>,
        draft: Draft,
    ) -> Result<()> {
        let issue = self.composed(session, composition, &draft, Scope::Window)?;
        composition.ledger.record(&issue);
        composition.next_ordinal = composition.next_ordinal.max(issue.ordinal() + 1);
        composition.issues.push(issue);
        composition.drafts.insert(draft.key.ordinal, draft);
        self.number_empty(composition, session.now)
    }

    /// The number of an issue whose window begins at `since`, after those that there are.
    pub(super) fn next_number(
        &self,
        composition: &Composition<'a>,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
        label: Option<&str>,
    ) -> Result<Number> {
        let others: Vec<&Issue> =
            composition.issues.iter().filter(|issue| !composition.takes_no_number(issue, now)).collect();
        number::next(composition.series, self.config.publication.time_zone, since, &others, label)
    }

    /// Drafts that closed empty have the numbers that they would get now: those after all others.
    fn number_empty(&self, composition: &mut Composition<'a>, now: DateTime<Utc>) -> Result<()> {
        let (empty, mut numbered): (Vec<usize>, Vec<usize>) =
            (0..composition.issues.len()).partition(|at| composition.takes_no_number(&composition.issues[*at], now));
        for at in empty {
            let others: Vec<&Issue> = numbered.iter().map(|other| &composition.issues[*other]).collect();
            let since = composition.issues[at].window.since;
            composition.issues[at].number =
                number::next(composition.series, self.config.publication.time_zone, since, &others, None)?;
            numbered.push(at);
        }
        Ok(())
    }

    /// The issue that a draft makes now.
    pub(super) fn composed(
        &mut self,
        session: &mut Session,
        composition: &Composition<'a>,
        draft: &Draft,
        scope: Scope,
    ) -> Result<Issue> {
        let window = self.window_of(draft)?;
        let number = self.next_number(composition, session.now, window.since, draft.editorial.label.as_deref())?;
        let plan = self.plan(composition, window, &draft.editorial, scope);
        self.issue(session, composition.series, &draft.key, &number, &draft.editorial, plan)
    }

    /// The plan of a window.
    pub(super) fn plan<'c>(
        &self,
        composition: &'c Composition<'a>,
        window: Window,
        editorial: &Editorial,
        scope: Scope,
    ) -> Plan<'c> {
        let series = composition.series;
        if series.binds.is_none() {
            return plan(series, &composition.ledger, window, editorial, scope);
        }
        let bound: Vec<&Issue> = composition.bound.iter().collect();
        let volumes: Vec<&Issue> = composition.issues.iter().collect();
        bind::plan(series, self.config.publication.time_zone, window, &bound, &volumes, editorial)
    }

    /// The next revision of a frozen issue, as its draft.
    pub(super) fn amended(
        &mut self,
        session: &mut Session,
        series: &'a Series,
        old: &Issue,
        text: &str,
    ) -> Result<Issue> {
        let draft = super::stock::read_draft(session, &old.key, text.to_owned())?;
        session.warnings.extend(
            fixed(old, &draft.editorial, self.config.publication.time_zone)
                .map(|warning| warning.at(Place::file(Shelf::shown(&old.key, EDITORIAL)))),
        );
        let mut ledger = Ledger::new(series, &self.config.publication, self.posts, session.now);
        let stock = self.stock(series);
        for issue in stock.frozen.iter().filter(|issue| issue.key != old.key) {
            ledger.record(issue);
        }
        let standing = self.standing(session, series)?;
        let bound: Vec<&Issue> = match &series.binds {
            Some(bound) => self.stocks.get(bound).iter().flat_map(|stock| &stock.frozen).collect(),
            None => Vec::new(),
        };
        let plan = match series.binds {
            Some(_) => bind::amendment(self.config.publication.time_zone, old, &bound, &draft.editorial),
            None => amendment(series, &ledger, old, &draft.editorial),
        };
        session.warnings.extend(plan.warnings.iter().cloned());
        let intro = self.intro(session, &old.key, &draft.editorial)?;
        let members = self.members();
        let material = self.material(series, &old.key, &old.number, &draft.editorial, intro.as_ref(), &standing);
        let issue = assemble_draft(
            Material { members: members.as_ref().filter(|_| holds_their_texts(series)), ..material },
            plan,
        );
        let issue = self.at_home(session, issue, &old.publication.base_url);
        Ok(self.settled(session, issue, members.as_ref()))
    }

    /// An issue out of a plan: its standing articles and introduction are read, and the plan's warnings kept.
    fn issue(
        &mut self,
        session: &mut Session,
        series: &'a Series,
        key: &IssueKey,
        number: &Number,
        editorial: &Editorial,
        plan: Plan<'_>,
    ) -> Result<Issue> {
        session.warnings.extend(plan.warnings.iter().cloned());
        let (standing, intro) = (self.standing(session, series)?, self.intro(session, key, editorial)?);
        let members = self.members();
        let material = self.material(series, key, number, editorial, intro.as_ref(), &standing);
        let issue = assemble_draft(
            Material { members: members.as_ref().filter(|_| holds_their_texts(series)), ..material },
            plan,
        );
        let issue = self.at_home(session, issue, &self.config.publication.base_url);
        Ok(self.settled(session, issue, members.as_ref()))
    }

    /// What is for members only, where some series is theirs or was.
    fn members(&self) -> Option<Members<'_>> {
        let frozen = || self.stocks.values().flat_map(|stock| &stock.frozen);
        let has_some = !self.former.is_empty() || self.config.series.iter().any(|series| !series.public);
        has_some.then(|| site::members(self.config, frozen(), &self.former))
    }

    /// A volume that links to what it holds, and to what else stands there, under `home`, its own address of the publication,
    /// wherever the issues stood that it binds. Any other issue as it is.
    fn at_home(&self, session: &Session, issue: Issue, home: &str) -> Issue {
        let frozen: Vec<&Issue> = self.stocks.values().flat_map(|stock| &stock.frozen).collect();
        let former = of_bound(&issue, &frozen);
        if former.iter().all(|former| *former == home) {
            return issue;
        }
        let today = self.config.publication.base_url.as_str();
        let posts = self.posts.iter().filter(|post| site::is_out(session, post)).flat_map(Post::addresses);
        let held = issue.articles().map(|article| article.post.address.as_str());
        let bases = || former.iter().copied().chain([today]);
        // One base may begin with another.
        let below = |address| bases().filter_map(|base| str::strip_prefix(address, base)).min_by_key(|path| path.len());
        let paths: BTreeSet<&str> = posts.chain(held).filter_map(below).collect();
        let stands = |page: &str| page.strip_prefix(home).is_some_and(|path| paths.contains(path));
        moved(&issue, &former, home, stands).unwrap_or(issue)
    }

    /// An issue that knows which of its links lead nowhere.
    fn settled(&self, session: &mut Session, issue: Issue, members: Option<&Members<'_>>) -> Issue {
        let Some(members) = members else { return issue };
        // A post that waits for its day stands nowhere yet.
        let posts = self.posts.iter().filter(|post| site::is_out(session, post) || members.keep_off_the_web(post));
        let (issue, told) = unlinked::settle(issue, members, posts);
        session.warnings.extend(told);
        issue
    }

    /// What a plan is made into an issue with.
    fn material<'m>(
        &'m self,
        series: &'m Series,
        key: &IssueKey,
        number: &'m Number,
        editorial: &'m Editorial,
        intro: Option<&'m Introduction>,
        standing: &'m [Post],
    ) -> Material<'m> {
        let publication = &self.config.publication;
        let (intro, intro_assets) = intro.map_or((None, &[][..]), |intro| (Some(&intro.html), &intro.assets[..]));
        let ordinal = key.ordinal;
        Material { series, publication, ordinal, number, editorial, intro, intro_assets, standing, members: None }
    }

    /// The editor's introduction as HTML, with its files, which stand beside issue.toml or where those of posts do.
    fn intro(&self, session: &mut Session, key: &IssueKey, editorial: &Editorial) -> Result<Option<Introduction>> {
        let Some(text) = editorial.intro.as_ref() else { return Ok(None) };
        let (file, folder) = (Shelf::shown(key, EDITORIAL), self.shelf.folder(key));
        let begins = editorial.intro_begins.clone().unwrap_or_else(|| Place::file(&file));
        let (intro, pictures) = session.heed(collect::introduction(self.config, text, (&begins, &folder), self.posts));
        self.keep_pictures(&pictures)?;
        Ok(Some(intro))
    }

    /// Writes pictures that texts have in the place of an address, unless nothing is to be written.
    fn keep_pictures(&self, pictures: &[NewFile]) -> Result<()> {
        if self.shelf.is_rehearsal { Ok(()) } else { write_pictures(&self.config.root, pictures) }
    }

    /// The standing articles of a series. One that cannot be read is an error of kind `Input`.
    pub(super) fn standing(&mut self, session: &mut Session, series: &Series) -> Result<Vec<Post>> {
        if let Some(standing) = self.standing.get(&series.key) {
            return Ok(standing.clone());
        }
        let mut standing = Vec::new();
        for path in &series.standing {
            let post = collect::article(self.config, path, session.now, self.posts).map_err(|error| {
                Error::new(ErrorKind::Input, format!("a standing article of `{}`: {}", series.key, error.message()))
                    .at(error.place().cloned().unwrap_or_else(|| Place::file(path)))
            })?;
            let (post, pictures) = session.heed(post);
            self.keep_pictures(&pictures)?;
            standing.push(post);
        }
        self.standing.insert(series.key.clone(), standing.clone());
        Ok(standing)
    }

    /// The window of a draft, as its editor says.
    fn window_of(&self, draft: &Draft) -> Result<Window> {
        let zone = self.config.publication.time_zone;
        let (since, until) = (draft.editorial.since, draft.editorial.until);
        if let (Some(since), Some(until)) = (since, until) {
            return Ok(Window { since: since.resolve(zone), until: until.resolve(zone) });
        }
        let missing = if since.is_none() { "since" } else { "until" };
        Err(Error::new(ErrorKind::Input, format!("the draft does not say `{missing}`"))
            .at(Place::file(Shelf::shown(&draft.key, EDITORIAL)))
            .hint("write the first day of its window as `since`, and the first day after it as `until`"))
    }

    /// What is due in a series. For a volume, what it binds must have been asked before.
    pub(super) fn agenda(&self, composition: &Composition<'a>, now: DateTime<Utc>) -> Agenda {
        let bound = composition.series.binds.as_ref().and_then(|bound| self.agendas.get(bound));
        let horizon = bound.map_or(now, |agenda| bind::horizon(agenda, now));
        self.with_line(composition, now, |line| due(Line { horizon, ..line }))
    }

    /// The window of the next issue that has no folder yet; `None` for manual windows.
    pub(super) fn next_window(&self, composition: &Composition<'a>, now: DateTime<Utc>) -> Option<Window> {
        self.with_line(composition, now, next_window)
    }

    /// The window of an issue that an editor opens, between these days.
    pub(super) fn opened_window(
        &self,
        composition: &Composition<'a>,
        now: DateTime<Utc>,
        (since, until): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Result<Window> {
        let midnight = |day: Option<NaiveDate>| day.map(|day| midnight(day, self.config.publication.time_zone));
        self.with_line(composition, now, |line| opened_window(line, midnight(since), midnight(until)))
    }

    /// Asks the schedule about a series as it stands.
    fn with_line<T>(&self, composition: &Composition<'a>, now: DateTime<Utc>, ask: impl FnOnce(Line<'_>) -> T) -> T {
        let (series, zone) = (composition.series, self.config.publication.time_zone);
        let issues: Vec<&Issue> = composition.issues.iter().collect();
        let bound: Vec<&Issue> = composition.bound.iter().collect();
        let pending = if series.binds.is_some() {
            bind::pending(series, zone, &bound, &issues)
        } else {
            composition.ledger.pending()
        };
        let next_ordinal = composition.next_ordinal;
        let closed = &composition.closed;
        ask(Line { series, zone, issues: &issues, closed, next_ordinal, pending: &pending, now, horizon: now })
    }

    /// What a volume waits for whose days are over: the window of the bound series that is not decided.
    pub(super) fn volume_waits_for(&self, volume: &Series, agenda: &Agenda, now: DateTime<Utc>) -> Option<Window> {
        let bound = self.agendas.get(volume.binds.as_ref()?)?.undecided;
        (agenda.undecided.until <= now && bound.until <= agenda.undecided.until).then_some(bound)
    }

    /// Keeps how far a series has come, for the volumes that bind it.
    pub(super) fn keep_agenda(&mut self, series: &Series, agenda: Agenda) {
        self.agendas.insert(series.key.clone(), agenda);
    }

    /// A time as messages tell it: by the publication's clock.
    pub(super) fn shown_time(&self, instant: DateTime<Utc>) -> String {
        shown_time(instant, self.config.publication.time_zone)
    }

    /// A window in words.
    pub(super) fn describe(&self, window: Window) -> String {
        describe(window, self.config.publication.time_zone)
    }
}

/// Whether issues of a series may show posts that have no page: its own are for members, or it binds some that are.
fn holds_their_texts(series: &Series) -> bool {
    !series.public || series.binds.is_some()
}

/// A warning for each key of an amended issue.toml that says what a frozen issue keeps: its label, window and date.
fn fixed(old: &Issue, editorial: &Editorial, zone: Tz) -> impl Iterator<Item = Warning> {
    let Editorial { label, since, until, date, .. } = editorial;
    let other = |said: &Option<Moment>, kept| said.is_some_and(|said| said.resolve(zone) != kept);
    let keys = [
        ("label", label.as_ref().is_some_and(|label| label.trim() != old.number.label)),
        ("since", other(since, old.window.since)),
        ("until", other(until, old.window.until)),
        ("date", other(date, old.date)),
    ];
    keys.into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(key, _)| Warning::new(format!("an amendment cannot change `{key}`; it stays as it was frozen")))
}
