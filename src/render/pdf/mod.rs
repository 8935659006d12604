//! An issue as a PDF: one HTML document from the shared partials, set by the typesetter with `pdf/print.css`.

mod index;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result, Warned};
use crate::model::Issue;
use crate::templates::Templates;
use crate::templates::dates::counter_style;
use crate::templates::landing::Landing;
use crate::templates::views::{Addresses, IssueView, Locale};
use crate::typeset::fonts::Fonts;
use crate::typeset::{Options, Resources, typeset};

pub use self::index::{IndexEntryView, IndexView, IndexedView};

/// What `pdf/issue.hbs` is drawn with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PdfView<'a> {
    /// The issue; its fields stand at the top level.
    #[serde(flatten)]
    pub issue: IssueView<'a>,
    /// The counter style (CSS Counter Styles 3) of page numbers in the issue's language.
    pub counter_style: &'static str,
    /// In how many columns its text stands, where that is more than one.
    pub columns: Option<u8>,
    /// The issue's name as far as there is room for it at the head of a page, where that is not all of it.
    pub running_head: Option<String>,
    /// Of a volume.
    pub index: Option<IndexView<'a>>,
}

impl<'a> PdfView<'a> {
    /// The view of `issue`, with pictures under `assets/`. Links lead to the articles that it holds, others to the web.
    #[must_use]
    pub fn new(issue: &'a Issue, templates: &'a Templates) -> Self {
        let series = &issue.series;
        let locale = Locale::by_calendar(&series.language, series.calendar, &issue.publication, templates.strings());
        let landing = Landing::within(issue, |_| true);
        let addresses = Addresses { landing: Some(&landing), ..Addresses::document(&issue.publication) };
        let view = IssueView::new(issue, &addresses, &locale);
        Self {
            running_head: running_head(view.masthead.series, &view.masthead.number),
            issue: view,
            counter_style: counter_style(&series.language),
            columns: Some(series.columns).filter(|columns| *columns > 1),
            index: IndexView::of(issue),
        }
    }
}

/// As many characters of an issue's name stand at the head of a page beside the title of an article.
const LONGEST_HEAD: usize = 60;

/// An issue's name that is too long for the head of a page, without the words that have no room in it; those of its number
/// stay if they can.
fn running_head(series: &str, number: &str) -> Option<String> {
    let length = |text: &str| text.chars().count();
    if length(series) + 1 + length(number) <= LONGEST_HEAD {
        return None;
    }
    let number = beginning(number, LONGEST_HEAD / 2);
    let room = LONGEST_HEAD.saturating_sub(length(&number) + 1);
    Some(format!("{} {number}", beginning(series, room)))
}

/// A text of at most so many characters: whole words, and a sign that others followed.
fn beginning(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches(|c: char| c.is_whitespace() || ",;:،؛".contains(c)))
}

/// The HTML of `issue` for the typesetter.
pub fn html(issue: &Issue, templates: &Templates) -> Result<String> {
    templates.render("pdf/issue", &PdfView::new(issue, templates))
}

/// The PDF of `issue`. `resources` finds pictures by what the HTML calls them: `assets/<name>`, or an absolute URL.
/// Its date is that of the issue's revision, so that the same issue gives the same bytes.
pub fn pdf(issue: &Issue, templates: &Templates, resources: &dyn Resources, fonts: &Fonts) -> Result<Warned<Vec<u8>>> {
    let style = templates
        .text("pdf/print.css")
        .ok_or_else(|| Error::new(ErrorKind::Template, "there is no `pdf/print.css`"))?;
    let style_name = templates.path("pdf/print.css").map(|path| path.display().to_string()).unwrap_or_default();
    let html_name = issue.key.to_string();
    let options = Options {
        style,
        style_name: &style_name,
        html_name: &html_name,
        base_language: issue.series.language.as_str(),
        info_date: Some(issue.frozen.as_ref().map_or(issue.date, |frozen| frozen.updated).timestamp()),
    };
    let typeset = typeset(&html(issue, templates)?, &options, resources, fonts)?;
    Ok(typeset.map(|typeset| typeset.pdf))
}
