//! An issue, as web page, PDF, mail and feed show it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::article::{calls_counted, code_marked, introduction};
use super::{Addresses, ArticleView, DateView, Locale, PublicationView};
use crate::model::{Article, Contents, Frozen, Issue, Name, Restoration, Section, Style, section_anchor};

/// An issue. Everything that the partials `masthead`, `contents`, `article` and `colophon` need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueView<'a> {
    /// The language of the issue.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// The publication when it was frozen.
    pub publication: PublicationView<'a>,
    /// "Newsletter No. 92".
    pub name: String,
    /// The issue's page on the web.
    pub link: String,
    /// What the partial `masthead` takes.
    pub masthead: MastheadView<'a>,
    /// The editor's introduction: markup.
    pub intro: Option<Cow<'a, str>>,
    /// What the partial `contents` takes: a part for each section.
    pub contents: Vec<ContentsPartView<'a>>,
    /// Headings with their articles.
    pub sections: Vec<SectionView<'a>>,
    /// Articles that every issue carries.
    pub standing: Vec<ArticleView<'a>>,
    /// What the partial `colophon` takes.
    pub colophon: ColophonView<'a>,
    /// Whether its items are short ones.
    pub digest: bool,
    /// Whether it is a volume of bound issues.
    pub bound: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// When and why it was withdrawn, while it is: then it has no introduction, no contents and no articles.
    pub withdrawn: Option<CorrectionView<'a>>,
}

/// The top of an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MastheadView<'a> {
    /// The publication's title.
    pub publication: &'a str,
    /// The publication's description.
    pub description: Option<&'a str>,
    /// The language of the description.
    pub description_lang: &'a str,
    /// The language of the publication's title.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// The series' title: "Newsletter".
    pub series: &'a str,
    /// "No. 92".
    pub number: String,
    /// Whether that is a number with words around it, and not a label in words, which stands as it is.
    pub counted: bool,
    /// "Volume 8", where volumes are counted.
    pub volume: Option<String>,
    /// "ISSN 1234-5679", where the series has one.
    pub issn: Option<String>,
    /// What it covers: "July 2026".
    pub period: String,
    /// The day printed on it.
    pub date: DateView,
    /// The editor's title for the issue.
    pub title: Option<&'a str>,
    /// Whether it was amended after it had been published.
    pub corrected: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it is withdrawn.
    pub withdrawn: bool,
}

/// A heading of the contents list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContentsPartView<'a> {
    /// The section's title; empty for articles under no heading.
    pub title: Cow<'a, str>,
    /// A link to the section.
    pub link: String,
    /// Its articles.
    pub entries: Vec<ContentsEntryView<'a>>,
}

/// A line of the contents list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContentsEntryView<'a> {
    /// The article's title.
    pub title: &'a str,
    /// The language of the title.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// Who wrote it.
    pub byline: Option<String>,
    /// A link to the article in the issue.
    pub link: String,
    /// Its summary, where the series shows them here.
    pub summary: Option<&'a str>,
}

/// A heading with its articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionView<'a> {
    /// The heading; empty for articles under none.
    pub title: Cow<'a, str>,
    /// Its name on the page, for links.
    pub anchor: String,
    /// Whether it is a bound issue of a volume.
    pub part: bool,
    /// The introduction of that issue: markup.
    pub intro: Option<Cow<'a, str>>,
    /// In order of print.
    pub articles: Vec<ArticleView<'a>>,
}

/// The imprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColophonView<'a> {
    /// The publication.
    pub publication: PublicationView<'a>,
    /// "Newsletter No. 92".
    pub name: String,
    /// The day printed on it.
    pub date: DateView,
    /// "ISSN 1234-5679", where the series has one.
    pub issn: Option<String>,
    /// The issue's page on the web, where the series is public.
    pub address: Option<String>,
    /// What amendments say, oldest first; then what withdrawals that were undone do. None while the issue is withdrawn.
    pub corrections: Vec<CorrectionView<'a>>,
}

/// What an amendment or a withdrawal says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionView<'a> {
    /// "Corrected", "Withdrawn" or "Restored", with the day where it is known.
    pub heading: String,
    /// The editor's words.
    pub text: &'a str,
}

/// The issue's name: "Newsletter No. 92"; a label in words stands alone, as in "Newsletter Summer 2026".
#[must_use]
pub fn issue_name(issue: &Issue, locale: &Locale<'_>) -> String {
    format!("{} {}", issue.series.title, number(issue, locale))
}

impl<'a> IssueView<'a> {
    /// The view of `issue`. `locale` is in the issue's language and by its series' calendar.
    #[must_use]
    pub fn new(issue: &'a Issue, addresses: &Addresses<'_>, locale: &Locale<'_>) -> Self {
        let withdrawn = issue.withdrawn();
        // Whatever a template shows of it, it is not what was taken back.
        let standing: &'a [Article] = if withdrawn.is_some() { &[] } else { &issue.standing };
        let intro = issue.intro.as_ref().filter(|_| withdrawn.is_none());
        let excerpts = issue.series.contents == Contents::Excerpts;
        let entry = |article: &'a Article| {
            let entry = contents_entry(article, addresses, locale);
            ContentsEntryView { summary: entry.summary.filter(|_| excerpts), ..entry }
        };
        let mut contents: Vec<ContentsPartView<'a>> = numbered(issue)
            .map(|(n, section)| ContentsPartView {
                title: title(section, locale),
                link: format!("{}#{}", addresses.page, anchor_of(n, issue)),
                entries: section.articles.iter().map(entry).collect(),
            })
            .collect();
        if !standing.is_empty() {
            let entries = standing.iter().map(entry).collect();
            contents.push(ContentsPartView {
                title: Cow::Borrowed(""),
                link: format!("{}#standing", addresses.page),
                entries,
            });
        }
        let path = format!("{}/{}/", issue.key.series, issue.key.ordinal);
        Self {
            lang: issue.series.language.as_str(),
            dir: issue.series.language.direction().as_str(),
            publication: PublicationView::new(&issue.publication),
            name: issue_name(issue, locale),
            link: addresses.link(&issue.publication.url(&path)),
            masthead: masthead(issue, locale),
            intro: introduction(intro, "intro-", addresses),
            contents,
            sections: sections(issue, addresses, locale),
            standing: standing
                .iter()
                .map(|article| {
                    let view = ArticleView::in_issue(article, 2, Style::Articles, addresses, locale);
                    // What every issue carries bears no day, unless its author gave it one.
                    ArticleView { date: view.date.filter(|_| article.post.published.is_some()), ..view }
                })
                .collect(),
            colophon: colophon(issue, &path, locale),
            digest: issue.series.style == Style::Digest,
            bound: issue.series.binds.is_some(),
            draft: issue.frozen.is_none(),
            withdrawn: withdrawn.map(|one| told("withdrawn_on", one.at, &one.message, locale)),
        }
    }

    /// With the program text of all that it holds marked, as [`ArticleView::with_code_marked`] does.
    #[must_use]
    pub fn with_code_marked(self) -> Self {
        let dir = self.dir;
        self.changed(|intro| code_marked(intro, dir), ArticleView::with_code_marked)
    }

    /// With the calls of notes of all that it holds counted, as [`ArticleView::with_calls_counted`] does.
    #[must_use]
    pub fn with_calls_counted(self) -> Self {
        let lang = self.lang;
        self.changed(|intro| calls_counted(intro, lang), ArticleView::with_calls_counted)
    }

    /// With each introduction and each article made another.
    fn changed(
        self,
        intro: impl Fn(Cow<'a, str>) -> Cow<'a, str>,
        article: impl Fn(ArticleView<'a>) -> ArticleView<'a>,
    ) -> Self {
        let articles = |list: Vec<ArticleView<'a>>| list.into_iter().map(&article).collect();
        let section = |section: SectionView<'a>| SectionView {
            intro: section.intro.map(&intro),
            articles: articles(section.articles),
            ..section
        };
        Self {
            intro: self.intro.map(&intro),
            sections: self.sections.into_iter().map(section).collect(),
            standing: articles(self.standing),
            ..self
        }
    }
}

fn sections<'a>(issue: &'a Issue, addresses: &Addresses<'_>, locale: &Locale<'_>) -> Vec<SectionView<'a>> {
    let style = issue.series.style;
    let view = |(n, section): (usize, &'a Section)| SectionView {
        title: title(section, locale),
        anchor: anchor_of(n, issue),
        part: section.issue.is_some(),
        intro: introduction(section.intro.as_ref(), &format!("intro-{}-", n + 1), addresses),
        articles: section
            .articles
            .iter()
            .enumerate()
            .map(|(n, article)| {
                let band = article.band.as_deref();
                let before = n.checked_sub(1).and_then(|before| section.articles[before].band.as_deref());
                let level = 2 + u8::from(!section.title.is_empty()) + u8::from(band.is_some());
                let view = ArticleView::in_issue(article, level, style, addresses, locale);
                ArticleView { band: band.filter(|_| band != before), ..view }
            })
            .collect(),
    };
    numbered(issue).map(view).collect()
}

/// The sections that have articles, with their places from 0; of a withdrawn issue none.
fn numbered(issue: &Issue) -> impl Iterator<Item = (usize, &Section)> {
    let sections = if issue.withdrawn().is_some() { &[][..] } else { &issue.sections };
    sections.iter().enumerate().filter(|(_, section)| !section.articles.is_empty())
}

/// The name of the section at `n`, from 0. It gives way to an article that has the same: in issues that were frozen before such
/// names were kept for sections, and in amended ones, articles keep theirs.
fn anchor_of(n: usize, issue: &Issue) -> String {
    let plain = section_anchor(n + 1);
    let is_taken = |name: &String| issue.articles().any(|article| article.anchor == *name);
    let counted = (2_u32..).map(|count| format!("{plain}-{count}"));
    std::iter::once(plain.clone()).chain(counted).find(|name| !is_taken(name)).unwrap_or_default()
}

fn contents_entry<'a>(article: &'a Article, addresses: &Addresses<'_>, locale: &Locale<'_>) -> ContentsEntryView<'a> {
    let post = &article.post;
    ContentsEntryView {
        title: &post.title,
        lang: post.language.as_str(),
        dir: post.language.direction().as_str(),
        byline: (!post.authors.is_empty()).then(|| locale.byline(&post.authors, post.language.direction())),
        link: format!("{}#{}", addresses.page, article.anchor),
        summary: post.summary.as_deref(),
    }
}

fn masthead<'a>(issue: &'a Issue, locale: &Locale<'_>) -> MastheadView<'a> {
    let publication = &issue.publication;
    MastheadView {
        publication: &publication.title,
        description: publication.description.as_deref(),
        description_lang: publication.language_of(Name::Description).as_str(),
        lang: publication.language_of(Name::Title).as_str(),
        dir: publication.language_of(Name::Title).direction().as_str(),
        series: &issue.series.title,
        number: number(issue, locale),
        counted: is_numeral(&locale.dates.numerals(&issue.number.label)),
        volume: issue
            .number
            .volume
            .map(|volume| locale.words("volume", &[("volume", &locale.dates.numerals(&volume.to_string()))])),
        issn: issn(issue, locale),
        period: locale.dates.window(issue.window),
        date: locale.date(issue.date),
        title: issue.title.as_deref(),
        corrected: issue.withdrawn().is_none() && issue.frozen.as_ref().is_some_and(Frozen::is_amended),
        draft: issue.frozen.is_none(),
        withdrawn: issue.withdrawn().is_some(),
    }
}

fn colophon<'a>(issue: &'a Issue, path: &str, locale: &Locale<'_>) -> ColophonView<'a> {
    ColophonView {
        publication: PublicationView::new(&issue.publication),
        name: issue_name(issue, locale),
        date: locale.date(issue.date),
        issn: issn(issue, locale),
        address: issue.series.public.then(|| issue.publication.url(path)),
        corrections: issue.frozen.as_ref().map_or_else(Vec::new, |frozen| corrections(frozen, locale)),
    }
}

/// What was corrected, and what was withdrawn and restored.
fn corrections<'a>(frozen: &'a Frozen, locale: &Locale<'_>) -> Vec<CorrectionView<'a>> {
    if frozen.withdrawals.last().is_some_and(|last| last.restored.is_none()) {
        return Vec::new();
    }
    let amendments = &frozen.amendments;
    // Only of the newest revision it is kept when it was made.
    let is_of_amendment = restorations(frozen).all(|restored| restored.at != frozen.updated);
    let correction = |(n, text): (usize, &'a String)| {
        if is_of_amendment && n + 1 == amendments.len() {
            return told("corrected_on", frozen.updated, text, locale);
        }
        CorrectionView { heading: format!("{}:", locale.words("corrected", &[])), text }
    };
    let undone = frozen.withdrawals.iter().zip(restorations(frozen)).flat_map(|(withdrawn, restored)| {
        [
            told("withdrawn_on", withdrawn.at, &withdrawn.message, locale),
            told("restored_on", restored.at, &restored.message, locale),
        ]
    });
    amendments.iter().enumerate().map(correction).chain(undone).collect()
}

fn restorations(frozen: &Frozen) -> impl Iterator<Item = &Restoration> {
    frozen.withdrawals.iter().filter_map(|withdrawn| withdrawn.restored.as_ref())
}

/// What was said on a day, under a heading that names it.
fn told<'a>(heading: &str, at: DateTime<Utc>, text: &'a str, locale: &Locale<'_>) -> CorrectionView<'a> {
    CorrectionView { heading: locale.words(heading, &[("date", &locale.dates.day(at))]), text }
}

fn issn(issue: &Issue, locale: &Locale<'_>) -> Option<String> {
    issue.series.issn.as_ref().map(|issn| locale.words("issn", &[("issn", issn)]))
}

/// The heading of a section; of a bound issue its name, as that writes it: "Newsletter No. 92: Ink".
fn title<'a>(section: &'a Section, locale: &Locale<'_>) -> Cow<'a, str> {
    let Some(bound) = &section.bound else { return Cow::Borrowed(&section.title) };
    let name = format!("{} {}", bound.series, numbered_label(&bound.number, locale));
    Cow::Owned(match &bound.title {
        Some(title) => format!("{name}: {title}"),
        None => name,
    })
}

/// The number of an issue.
fn number(issue: &Issue, locale: &Locale<'_>) -> String {
    numbered_label(&issue.number.label, locale)
}

/// "No. 92"; a label in words ("Summer 2026") stands as it is.
fn numbered_label(label: &str, locale: &Locale<'_>) -> String {
    let label = locale.dates.numerals(label);
    if is_numeral(&label) { locale.words("no", &[("number", &label)]) } else { label }
}

/// Whether a label is a number: "92", "2026/7", "XIV".
fn is_numeral(label: &str) -> bool {
    label.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation() || c == '\u{2013}' || "IVXLCDM".contains(c))
}
