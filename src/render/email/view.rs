//! What the templates of email may name.

use std::collections::BTreeMap;

use serde::Serialize;

use super::detail::{Extent, cut};
use super::frame;
use super::text::TextView;
use crate::model::{Asset, Detail, Direction, Issue, Marks, asset_address};
use crate::render::site::{issue_path, pdf_path};
use crate::templates::Templates;
use crate::templates::dates::counter_style;
use crate::templates::landing::Landing;
use crate::templates::markup::fit_source;
use crate::templates::views::{Addresses, IssueView, Locale, issue_name};

/// Characters of the line that mail programs show beside the subject.
const PREHEADER: usize = 140;

/// An issue with everything that both parts of a digest need.
pub(super) struct Mail<'a> {
    issue: &'a Issue,
    pub(super) locale: Locale<'a>,
    assets: String,
    pub(super) marks: Marks,
    /// What has no page of its own is read here alone. Other links lead to the web, which every mail program follows.
    landing: Landing<'a>,
    /// The issue's page, where the series is public.
    pub(super) page: Option<String>,
    /// The issue's PDF on the web, where the series is public.
    pub(super) pdf: Option<String>,
}

/// What `email/issue.mjml` may name: the issue's view and the frame of the mail.
#[derive(Serialize)]
pub(super) struct HtmlView<'a> {
    #[serde(flatten)]
    issue: IssueView<'a>,
    subject: String,
    /// The line that mail programs show beside the subject.
    preheader: String,
    /// The side on which lines begin, and the other one, for mail programs without logical properties.
    start: &'static str,
    end: &'static str,
    rtl: bool,
    /// The direction that the issue is not written in.
    other_dir: &'static str,
    /// The numerals of lists (CSS Counter Styles 3).
    list_style: &'static str,
    greeting: String,
    unsubscribe: String,
    why: String,
    /// The words that each reader gets in their own language; that, its direction, and the side on which its lines begin.
    reader_words: [&'static str; 6],
    marks: &'a Marks,
    reader_lang: String,
    reader_dir: String,
    reader_start: String,
    view_in_browser: Option<&'a str>,
    /// The issue's PDF on the web, where the series is public.
    pdf: Option<&'a str>,
    /// Whether articles were left out, so that a link to them is due.
    cut: bool,
    /// How many titles were left out, where some were: in the language of the reader.
    and_more: Option<String>,
}

impl<'a> Mail<'a> {
    pub(super) fn new(issue: &'a Issue, marks: Marks, templates: &'a Templates) -> Self {
        let series = &issue.series;
        let locale = Locale::by_calendar(&series.language, series.calendar, &issue.publication, templates.strings());
        Self {
            issue,
            locale,
            assets: issue.publication.url("assets/"),
            marks,
            landing: Landing::within(issue, |article| article.for_members),
            page: series.public.then(|| issue.publication.url(&issue_path(issue))),
            pdf: series.public.then(|| issue.publication.url(&pdf_path(issue))),
        }
    }

    /// Links and pictures are absolute; the contents list leads to the web, which every mail program follows.
    fn view(&self, extent: Extent) -> IssueView<'_> {
        let base_url = self.issue.publication.base_url.as_str();
        let page = self.page.as_deref().unwrap_or_default();
        let addresses =
            Addresses { base_url, root: base_url, assets: &self.assets, page, landing: Some(&self.landing) };
        let mut view = IssueView::new(self.issue, &addresses, &self.locale);
        if self.page.is_none() && extent.is_cut() {
            // Nothing in the mail to lead to: each title leads to its own page.
            let links = self.issue.articles().map(|article| article.post.address.clone());
            let entries = view.contents.iter_mut().flat_map(|part| &mut part.entries);
            entries.zip(links).for_each(|(entry, link)| entry.link = link);
        }
        cut(&mut view, extent);
        view
    }

    /// Whether it holds articles that have no page on the web.
    pub(super) fn has_articles_of_its_own(&self) -> bool {
        self.issue.articles().any(|article| article.for_members)
    }

    /// How wide the pictures of its articles are, by their addresses.
    pub(super) fn widths(&self) -> BTreeMap<String, u32> {
        let address = |asset: &Asset| fit_source(&asset_address(&asset.name), &self.assets);
        self.issue.files().filter_map(|asset| Some((address(asset), asset.width?))).collect()
    }

    /// How many titles the whole contents list has.
    pub(super) fn titles(&self) -> usize {
        self.issue.articles().count()
    }

    /// How many titles the contents list leaves out, where there is one.
    pub(super) fn left_out(&self, extent: Extent) -> usize {
        if extent.is_cut() && extent.titles > 0 { self.titles() - extent.titles } else { 0 }
    }

    /// Where that number is told.
    pub(super) fn and_more(&self, extent: Extent) -> Option<String> {
        (self.left_out(extent) > 0).then(|| self.marks.place(frame::MORE))
    }

    pub(super) fn html(&self, extent: Extent) -> HtmlView<'_> {
        let rtl = self.issue.series.language.direction() == Direction::Rtl;
        HtmlView {
            issue: self.view(extent).with_code_marked().with_calls_counted(),
            subject: self.subject(),
            preheader: self.preheader(),
            start: if rtl { "right" } else { "left" },
            end: if rtl { "left" } else { "right" },
            rtl,
            other_dir: if rtl { "ltr" } else { "rtl" },
            list_style: counter_style(&self.issue.series.language),
            greeting: self.marks.greeting(),
            unsubscribe: self.marks.unsubscribe(),
            why: self.marks.place(frame::WHY),
            reader_words: frame::WORDS,
            marks: &self.marks,
            reader_lang: self.marks.place("lang"),
            reader_dir: self.marks.place("dir"),
            reader_start: self.marks.place("start"),
            view_in_browser: self.page.as_deref(),
            pdf: self.pdf.as_deref(),
            cut: extent.is_cut(),
            and_more: self.and_more(extent),
        }
    }

    pub(super) fn text(&self, extent: Extent) -> TextView {
        TextView::new(&self.view(extent), self, extent)
    }

    /// No more bytes than the HTML of this detail has.
    pub(super) fn least(&self, detail: Detail) -> usize {
        // Each half: escapes, what a standfirst replaces, and what a mail can do without may shorten a body, hardly by half.
        let bodies = || self.issue.articles().map(|article| article.post.body.as_str().len() / 2).sum();
        let titles = || self.issue.articles().map(|article| article.post.title.len()).sum();
        if detail == Detail::Articles && self.issue.series.style == crate::model::Style::Articles {
            bodies()
        } else {
            titles()
        }
    }

    /// "Newsletter No. 92: The editor's title", or with the period in its place; one line.
    pub(super) fn subject(&self) -> String {
        let name = issue_name(self.issue, &self.locale);
        let rest = self.issue.title.clone().unwrap_or_else(|| self.locale.dates.window(self.issue.window));
        one_line(&format!("{name}: {rest}"))
    }

    fn preheader(&self) -> String {
        let titles: Vec<String> = self.issue.articles().map(|article| one_line(&article.post.title)).collect();
        let line = titles.join(" \u{b7} ");
        let Some((cut, _)) = line.char_indices().nth(PREHEADER) else { return line };
        let kept = line.get(..cut).unwrap_or_default();
        format!("{}\u{2026}", kept.rsplit_once(' ').map_or(kept, |(words, _)| words))
    }
}

/// Blanks and control characters folded to single spaces.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
