//! The style sheets of a document: the built-in one, that of the options, `<style>` and `<link rel=stylesheet>` (HTML
//! 4.2.4 and 4.2.6), for print.

use std::borrow::Cow;

use super::document::font_units;
use super::dom::{Dom, Element};
use super::fonts::Fonts;
use super::style::import::{Fetched, Imports};
use super::style::media::Medium;
use super::style::page_rule::PageKind;
use super::style::sheet::{Origin, Source};
use super::style::{Sheets, Style, USER_AGENT, page_style};
use super::{Options, Resources};

/// The style sheets; where they ask for the size of the page, this is the page that they themselves say.
pub(super) fn sheets_for_pages(dom: &Dom, options: &Options<'_>, resources: &dyn Resources, fonts: &Fonts) -> Sheets {
    let first = sheets(dom, options, resources, Medium::default());
    if !first.asks_size {
        return first;
    }
    let units = |style: &Style| font_units(style, fonts);
    let page = page_style::compute(&first, PageKind::default(), &[], &Style::default(), &units);
    let medium = Medium { width: page.width / 0.75, height: page.height / 0.75 };
    sheets(dom, options, resources, medium)
}

/// What browsers do to documents without a document type (Quirks Mode, 3.6).
const QUIRKS: &str = "table { text-align: start }";

fn sheets(dom: &Dom, options: &Options<'_>, resources: &dyn Resources, medium: Medium) -> Sheets {
    let mut sheets = Sheets::for_medium(medium);
    sheets.add(USER_AGENT, Origin::UserAgent, Source::sheet("ua.css", 1));
    if dom.is_quirky {
        sheets.add(QUIRKS, Origin::UserAgent, Source::sheet("quirks.css", 1));
    }
    sheets.add(options.style, Origin::Author, Source::sheet(options.style_name, 1));
    let fetch = |href: &str| {
        if resources.is_forbidden_sheet(href) {
            return Fetched::Forbidden;
        }
        match resources.get(href) {
            Some(bytes) => Fetched::Sheet(text(&bytes).into_owned()),
            None if resources.is_out_of_reach(href) => Fetched::OutOfReach,
            None => Fetched::Missing,
        }
    };
    let from = |address| Some(Imports { fetch: &fetch, address, around: None });
    for (id, element) in dom.elements().filter(|(_, element)| element.is_html) {
        let source = Source::of_element(options.html_name, element);
        match &*element.name {
            "style" if is_css(element) && is_for_print(element, &mut sheets, source) => {
                let source = source.beginning_at(dom.sheet_at(element));
                sheets.add_importing(&dom.text(id), Origin::Author, source, from(""));
            }
            "link" if is_sheet(element) && is_for_print(element, &mut sheets, source) => {
                let href = element.attribute("href").unwrap_or_default();
                match fetch(href) {
                    Fetched::Sheet(css) => {
                        sheets.add_importing(&css, Origin::Author, Source::sheet(href, 1), from(href));
                    }
                    Fetched::OutOfReach => {}
                    Fetched::Forbidden => sheets.forbid(href, source),
                    Fetched::Missing => sheets.miss(href, source),
                }
            }
            _ => {}
        }
    }
    sheets.settle();
    sheets
}

/// What authors' sheets say, one after the other, for graphics that stand in the document.
pub(super) fn texts(dom: &Dom, options: &Options<'_>, resources: &dyn Resources) -> String {
    let mut all = options.style.to_owned();
    for (id, element) in dom.elements().filter(|(_, element)| element.is_html) {
        let medium = element.attribute("media").filter(|media| !media.trim().is_empty()).unwrap_or("all");
        let css = match &*element.name {
            "style" if is_css(element) => dom.text(id),
            "link" if is_sheet(element) => {
                let found = resources.get(element.attribute("href").unwrap_or_default());
                found.map(|bytes| text(&bytes).into_owned()).unwrap_or_default()
            }
            _ => continue,
        };
        for part in ["\n@media ", medium, " {\n", &css, "\n}"] {
            all.push_str(part);
        }
    }
    all
}

/// Other languages than CSS are not read.
fn is_css(element: &Element) -> bool {
    let kind = element.attribute("type").unwrap_or_default().trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("text/css")
}

/// An alternative sheet is one that somebody must choose.
fn is_sheet(element: &Element) -> bool {
    let relations = element.attribute("rel").unwrap_or_default();
    let is = |name: &str| relations.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name));
    let has_address = element.attribute("href").is_some_and(|href| !href.trim().is_empty());
    is("stylesheet") && !is("alternate") && has_address && is_css(element)
}

fn is_for_print(element: &Element, sheets: &mut Sheets, source: Source<'_>) -> bool {
    let media = element.attribute("media").unwrap_or_default();
    media.trim().is_empty() || sheets.holds(media, source.in_attribute())
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::typeset::display::{Document, Item};
    use crate::typeset::fonts::Fonts;
    use crate::typeset::{Options, Resources, layout};

    /// A folder with one sheet.
    struct Folder;

    impl Resources for Folder {
        fn get(&self, url: &str) -> Option<Arc<[u8]>> {
            let css: &[u8] = match url {
                "a.css" => b"\xef\xbb\xbfp { color: #00ff00 }",
                "in/b.css" => b"@import 'b.css'; @import 'c.css' layer(c);",
                "in/c.css" => b"@import url(../in/b.css); @import url(b.css); p { color: #0f0 }",
                "../far.css" => b"SECRET",
                _ => return None,
            };
            Some(Arc::from(css))
        }

        fn is_forbidden_sheet(&self, url: &str) -> bool {
            url.starts_with("..")
        }
    }

    fn set(head: &str) -> (Document, Vec<String>) {
        let html = format!("<html lang=en><title>T</title>{head}<p>x</p>");
        let options = Options { html_name: "a.html", base_language: "en", ..Options::default() };
        let set = layout(&html, &options, &Folder, &Fonts::builtin());
        (set.value, set.warnings.iter().map(ToString::to_string).collect())
    }

    /// Whether the text is green.
    fn is_green(head: &str) -> bool {
        let (document, warnings) = set(head);
        assert!(warnings.is_empty(), "{warnings:?}");
        let mut items = document.pages.iter().flat_map(|page| &page.items);
        items.any(|item| matches!(item, Item::Glyphs { run, .. } if run.color.g == 255))
    }

    #[test]
    fn sheets_for_print_count() {
        for head in [
            "<link rel=stylesheet href=a.css>",
            "<link rel='preload StyleSheet' type='text/css' media='print, tv' href=a.css>",
            "<style media=print>p { color: #0f0 }</style>",
            "<style type='TEXT/CSS' media=all>p { color: #0f0 }</style>",
        ] {
            assert!(is_green(head), "{head}");
        }
        for head in [
            "<link rel='alternate stylesheet' href=a.css>",
            "<link rel=stylesheet media=screen href=gone.css>",
            "<link rel=icon href=a.css>",
            "<style media=screen>p { color: #0f0 }</style>",
            "<style type='text/less'>p { color: #0f0 }</style>",
        ] {
            assert!(!is_green(head), "{head}");
        }
    }

    #[test]
    fn sheets_import_others() {
        for css in [
            "@import 'a.css';",
            "@charset 'utf-8'; @layer a; @import url(a.css) print;",
            "@import url('a.css') layer supports(color: red) (min-width: 1cm);",
            "@layer d; @import url(in/b.css); @layer d { p { color: blue } }",
            "@import url(a.css) layer(a.b); @layer a.c { p { color: blue } } @layer d { p { color: #0f0 } }",
            "@import 'a.css'; @import 'gone.css' screen; @import 'gone.css' supports(display: grid);",
        ] {
            assert!(is_green(&format!("<style>{css}</style>")), "{css}");
        }
        assert!(is_green("<link rel=stylesheet href=in/b.css>"));
        assert!(!is_green("<style>@import 'a.css' layer; p { color: blue }</style>"));
        let (_, warnings) = set("<style>@import 'gone.css'; p { color: red } @import 'a.css';</style>");
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].contains("a.html:1") && warnings[0].contains("gone.css"), "{warnings:?}");
    }

    #[test]
    fn a_sheet_that_may_not_be_read_is_told_and_nothing_of_it() {
        for head in ["<link rel=stylesheet href=../far.css>", "<style>@import '../far.css';</style>"] {
            let (_, warnings) = set(head);
            assert!(warnings.len() == 1 && warnings[0].contains("`../far.css` is outside"), "{warnings:?}");
            assert!(warnings[0].starts_with("a.html:1") && !warnings[0].contains("SECRET"), "{warnings:?}");
        }
    }

    #[test]
    fn a_sheet_that_is_not_there_is_told() {
        let (_, warnings) = set("\n<link rel=stylesheet href=gone.css><style media='(hue)'>p { color: red }</style>");
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].contains("gone.css") && warnings[0].contains("a.html:2"), "{warnings:?}");
        assert!(warnings[1].contains("`hue`"), "{warnings:?}");
    }

    #[test]
    fn what_is_told_of_a_style_element_has_its_place_in_the_document() {
        for (head, place) in [
            ("<style>p { colour: red }</style>", "a.html:1:42"),
            ("\n  <style>p { colour: red }</style>", "a.html:2:14"),
            ("<style\n title='>' media=print>p { colour: red }</style>", "a.html:2:28"),
            ("<style>\np { colour: red }</style>", "a.html:2:5"),
            ("<STYLE type=text/css>a{}</STYLE><style>@foo;</style>", "a.html:1:70"),
        ] {
            let (_, warnings) = set(head);
            assert!(warnings.len() == 1 && warnings[0].starts_with(place), "{head}: {warnings:?}");
        }
    }
}
