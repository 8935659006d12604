//! An issue as a PDF: one HTML document from the shared partials, set by the typesetter with `pdf/print.css`.

use serde::Serialize;

use crate::error::{Result, Warned};
use crate::model::{Issue, Language};
use crate::templates::Templates;
use crate::templates::views::{Addresses, IssueView, Locale};
use crate::typeset::fonts::Fonts;
use crate::typeset::{self, Options, Resources};

/// What `pdf/issue.hbs` is drawn with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PdfView<'a> {
    /// The issue; its fields stand at the top level.
    #[serde(flatten)]
    pub issue: IssueView<'a>,
    /// The counter style (CSS Counter Styles 3) of page numbers in the issue's language.
    pub counter_style: &'static str,
}

impl<'a> PdfView<'a> {
    /// The view of `issue`, with links to the web and pictures under `assets/`.
    #[must_use]
    pub fn new(issue: &'a Issue, templates: &Templates) -> Self {
        let series = &issue.series;
        let locale = Locale::by_calendar(&series.language, series.calendar, &issue.publication, templates.strings());
        Self {
            issue: IssueView::new(issue, &Addresses::document(&issue.publication), &locale),
            counter_style: counter_style(&series.language),
        }
    }
}

/// The HTML of `issue` for the typesetter.
pub fn html(issue: &Issue, templates: &Templates) -> Result<String> {
    templates.render("pdf/issue", &PdfView::new(issue, templates))
}

fn counter_style(language: &Language) -> &'static str {
    match language.primary() {
        "fa" | "ur" | "ps" => "persian",
        "ar" => "arabic-indic",
        _ => "decimal",
    }
}

/// The PDF of `issue`. `pictures` has what its articles show, as `assets/<name>`. What cannot be set, or is not
/// supported in `pdf/print.css`, is a warning.
pub fn pdf(
    issue: &Issue,
    templates: &Templates,
    pictures: &dyn Resources,
    fonts: &Fonts,
) -> Result<Warned<Vec<u8>>> {
    let html = html(issue, templates)?;
    let options = Options {
        style: templates.text("pdf/print.css").unwrap_or_default(),
        style_name: "templates/pdf/print.css",
        html_name: "templates/pdf/issue.hbs",
        info_date: issue.frozen.as_ref().map(|frozen| frozen.updated.timestamp()),
        ..Options::default()
    };
    Ok(typeset::typeset(&html, &options, pictures, fonts)?.map(|set| set.pdf))
}
