//! Posts and issues that nobody wrote, for templates to be drawn over.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    Article, BoundIssue, Contents, Credit, Enclosure, FORMAT, Frozen, Html, Issue, IssueKey, Language, Number, Origin,
    Particulars, Picture, Post, PostId, Publication, Restoration, Section, Series, SeriesIdentity, Style, Window,
    Withdrawal,
};
use crate::templates::dates::usual_calendar;

/// What stands where words are asked for.
pub(super) const WORDS: &str = "Example";
/// How many posts there are of each language: some have one before and one behind.
const POSTS: u32 = 5;
/// How many of them a section has.
const IN_SECTION: usize = 2;

/// What an example is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An issue, and posts of ours, with everything that they can have.
    Whole,
    /// A draft, and posts that have nothing but their text.
    Bare,
    /// Short items, from elsewhere, whose pictures could not be had.
    Digest,
    /// A volume.
    Bound,
    /// An issue that was taken back.
    Withdrawn,
}

impl Kind {
    pub(super) const OTHERS: [Self; 4] = [Self::Bare, Self::Digest, Self::Bound, Self::Withdrawn];
}

/// The posts and the issues of a publication in one of its languages.
pub(super) struct Example {
    pub(super) language: Language,
    pub(super) publication: Publication,
    pub(super) posts: Vec<Post>,
    /// The newest first, series by series.
    pub(super) issues: Vec<Issue>,
}

impl Example {
    /// With as many of these series as are in that language, called as they are: templates may choose by that.
    pub(super) fn of(publication: &Publication, language: &Language, all: &[Series], kind: Kind) -> Self {
        let publication = publication.in_language(language);
        let posts: Vec<Post> = (1..=POSTS).map(|number| post(&publication, language, number, kind)).collect();
        let of_language = all.iter().filter(|one| one.language.primary() == language.primary());
        let mut identities: Vec<SeriesIdentity> = of_language.map(|one| series(language, Some(one), kind)).collect();
        if identities.is_empty() {
            // It has no issues, but may have.
            let key = format!("example-{language}").to_lowercase();
            identities.push(SeriesIdentity { key, ..series(language, all.first(), kind) });
        }
        // Some have one before and one behind.
        let ordinals = if kind == Kind::Whole { 1..=3 } else { 1..=1 };
        let issue = |series: &SeriesIdentity, ordinal| issue(&publication, series, ordinal, &posts, kind);
        let issues = identities
            .iter()
            .flat_map(|series| ordinals.clone().rev().map(move |ordinal| (series, ordinal)))
            .map(|(series, ordinal)| issue(series, ordinal))
            .collect();
        Self { language: language.clone(), publication, posts, issues }
    }

    /// One issue of each series.
    pub(super) fn printed(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter().filter(|issue| issue.key.ordinal == 1)
    }
}

/// A day of the past.
fn day(number: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + i64::from(number))
}

fn text() -> String {
    WORDS.to_owned()
}

/// A post. That of a number is called the same in every language, so that one is the translation of the other.
fn post(publication: &Publication, language: &Language, number: u32, kind: Kind) -> Post {
    let is_bare = kind == Kind::Bare;
    let is_elsewhere = kind == Kind::Digest;
    let some = |text: String| (!is_bare).then_some(text);
    let many = |text: String| some(text).into_iter().collect::<Vec<_>>();
    let slug = format!("example-{number}");
    Post {
        id: PostId(format!("tag:example.org,2026:{language}-{number}")),
        source: slug.clone(),
        origin: if is_elsewhere { Origin::Elsewhere } else { Origin::Own },
        file: format!("{language}/{slug}.md").into(),
        aliases: Vec::new(),
        first_slug: None,
        first_place: None,
        address: publication.url(&format!("{language}/posts/{slug}/")),
        slug,
        language: language.clone(),
        title: format!("{WORDS} {number}"),
        published: (!is_bare).then(|| day(number)),
        first_seen: day(number),
        updated: (!is_bare).then(|| day(number + 2)),
        draft: false,
        held_back: None,
        public: false,
        authors: many(text()),
        tags: many(text()),
        categories: many(text()),
        section: some(text()),
        summary: some(format!("{WORDS}: {number}")),
        picture: (!is_bare).then(|| Picture {
            src: publication.url(&format!("picture-{number}.png")),
            alt: WORDS.to_owned(),
            caption: Some(format!("{WORDS}: picture")),
            lost: is_elsewhere,
        }),
        body: Html::of_example(
            "<h2 id=\"a\">Example</h2><p>Example <a href=\"#a\">example</a>.</p><ul><li>Example</li></ul>",
        ),
        credit: (!is_bare)
            .then(|| Credit { name: WORDS.to_owned(), url: (!is_elsewhere).then(|| publication.url("")) }),
        enclosures: if is_bare { Vec::new() } else { vec![enclosure(publication, is_elsewhere)] },
        particulars: Particulars::default(),
        assets: Vec::new(),
    }
}

fn enclosure(publication: &Publication, is_bare: bool) -> Enclosure {
    let address = publication.url("example.mp3");
    if is_bare {
        return Enclosure { address, ..Enclosure::default() };
    }
    Enclosure {
        address,
        media_type: "audio/mpeg".to_owned(),
        length: Some(1_000_000),
        duration: Some(600),
        title: Some(text()),
        ..Enclosure::default()
    }
}

fn issue(publication: &Publication, series: &SeriesIdentity, ordinal: u64, posts: &[Post], kind: Kind) -> Issue {
    let (is_bare, is_bound) = (kind == Kind::Bare, kind == Kind::Bound);
    let article = |post: &Post| Article {
        anchor: post.slug.clone(),
        post: post.clone(),
        late: !is_bare,
        for_members: false,
        band: is_bound.then(|| WORDS.to_owned()),
    };
    let section = |posts: &[Post]| Section {
        title: if is_bare { String::new() } else { WORDS.to_owned() },
        issue: is_bound.then_some(1),
        bound: is_bound.then(|| BoundIssue { series: WORDS.to_owned(), number: "1".to_owned(), title: Some(text()) }),
        intro: is_bound.then(|| Html::of_example("<p>Example.</p>")),
        articles: posts.iter().map(article).collect(),
    };
    let (standing, printed) = posts.split_last().map_or((None, posts), |(last, others)| (Some(last), others));
    Issue {
        format: FORMAT,
        key: IssueKey { series: series.key.clone(), ordinal },
        series: series.clone(),
        number: Number { number: ordinal, year: 2026, volume: (!is_bare).then_some(1), label: ordinal.to_string() },
        title: (!is_bare).then(text),
        intro: (!is_bare).then(|| Html::of_example("<p>Example.</p>")),
        intro_assets: Vec::new(),
        window: Window { since: day(0), until: day(POSTS + 1) },
        date: day(POSTS + 1),
        sections: printed.chunks(IN_SECTION).map(section).collect(),
        standing: standing.filter(|_| !is_bare).map(article).into_iter().collect(),
        verdicts: Vec::new(),
        assets: Vec::new(),
        nowhere: std::collections::BTreeSet::new(),
        imported_pdf: None,
        frozen: (!is_bare).then(|| frozen(kind)),
        publication: publication.clone(),
    }
}

/// What issues say of one of the publication's series, or of one that nobody made.
fn series(language: &Language, real: Option<&Series>, kind: Kind) -> SeriesIdentity {
    let is_bare = kind == Kind::Bare;
    SeriesIdentity {
        key: real.map_or_else(|| format!("example-{language}").to_lowercase(), |real| real.key.clone()),
        title: real.map_or_else(text, |real| real.title.clone()),
        language: language.clone(),
        calendar: real.map_or_else(|| usual_calendar(language), |real| real.calendar),
        style: if kind == Kind::Digest { Style::Digest } else { Style::Articles },
        columns: if is_bare { 1 } else { 2 },
        contents: if is_bare { Contents::Titles } else { Contents::Excerpts },
        issn: (!is_bare).then(|| "1234-5679".to_owned()),
        binds: (kind == Kind::Bound).then(|| WORDS.to_lowercase()),
        public: true,
    }
}

/// Frozen and amended; taken back, and where it is not withdrawn now, that undone.
fn frozen(kind: Kind) -> Frozen {
    let at = day(POSTS + 1);
    let restored = (kind != Kind::Withdrawn).then(|| Restoration { at, message: WORDS.to_owned() });
    Frozen {
        at,
        revision: 2,
        updated: at,
        amendments: vec![WORDS.to_owned()],
        mail: false,
        editorial_sha256: String::new(),
        withdrawals: vec![Withdrawal { at, message: WORDS.to_owned(), restored }],
    }
}
