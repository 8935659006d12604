//! `@import` (CSS Cascade 5, 2).

use cssparser::{Parser, Token};

use super::layers::{self, Name};
use super::media;
use super::sheet::{Sheets, Source, supports, supports_declaration};
use super::values::{Parsed, refuse};

/// So many sheets are imported by all sheets of a document together.
pub(crate) const MOST: usize = 256;

/// What asking for a sheet brings.
pub(crate) enum Fetched {
    Sheet(String),
    /// It is not at hand, which somebody else tells.
    OutOfReach,
    /// It may not be read.
    Forbidden,
    Missing,
}

/// Where the sheets that a sheet imports come from.
#[derive(Clone, Copy)]
pub(crate) struct Imports<'a> {
    pub(crate) fetch: &'a dyn Fn(&str) -> Fetched,
    /// Where the sheet stands itself; empty for a sheet in the document.
    pub(crate) address: &'a str,
    /// The sheet that imports it.
    pub(crate) around: Option<&'a Imports<'a>>,
}

impl Imports<'_> {
    /// An address in this sheet, as seen from the document.
    pub(super) fn resolve(&self, href: &str) -> String {
        let before = href.split(['/', '?', '#']).next().unwrap_or_default();
        match self.address.rsplit_once('/') {
            Some((folder, _)) if !href.starts_with('/') && !before.contains(':') => normal(&format!("{folder}/{href}")),
            _ => href.to_owned(),
        }
    }

    /// Whether a sheet is this one, or imports it by way of others.
    pub(super) fn is_within(&self, address: &str) -> bool {
        let mut sheets = std::iter::successors(Some(self), |sheet| sheet.around);
        sheets.any(|sheet| sheet.address == address)
    }
}

/// A path without `.` and `..` where these can be done without, so that a sheet has one address.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// What an `@import` says.
pub(crate) struct Import {
    pub(super) href: String,
    /// The layer that the sheet is put into: a name, or none.
    pub(super) layer: Option<Vec<Name>>,
    /// Whether its conditions hold.
    pub(super) holds: bool,
}

/// Parses what stands between `@import` and the semicolon.
pub(super) fn parse(sheets: &mut Sheets, source: Source<'_>, input: &mut Parser<'_>) -> Parsed<Import> {
    let href = input.expect_url_or_string()?.to_string();
    let layer = input.try_parse(parse_layer).ok();
    let is_supported = input.try_parse(parse_supports).unwrap_or(true);
    let holds = input.is_exhausted() || sheets.media(input, source);
    Ok(Import { href, layer, holds: holds && is_supported })
}

fn parse_layer(input: &mut Parser<'_>) -> Parsed<Vec<Name>> {
    match input.next()?.clone() {
        Token::Ident(name) if name.eq_ignore_ascii_case("layer") => Ok(Vec::new()),
        Token::Function(name) if name.eq_ignore_ascii_case("layer") => {
            Ok(vec![input.parse_nested_block(layers::parse_name)?])
        }
        _ => refuse(),
    }
}

/// `supports()`: a condition, or a declaration without brackets.
fn parse_supports(input: &mut Parser<'_>) -> Parsed<bool> {
    input.expect_function_matching("supports")?;
    input.parse_nested_block(|input| {
        if let Ok(holds) = input.try_parse(supports_declaration) {
            return Ok(holds);
        }
        let holds = media::condition(input, &mut supports);
        while input.next().is_ok() {}
        Ok(matches!(holds, Ok(Some(true))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_start_at_the_sheet() {
        let fetch = |_: &str| Fetched::Missing;
        let of = |address| Imports { fetch: &fetch, address, around: None };
        assert_eq!(of("").resolve("a.css"), "a.css");
        assert_eq!(of("css/main.css").resolve("a.css"), "css/a.css");
        assert_eq!(of("css/in/main.css").resolve("../a.css"), "css/a.css");
        assert_eq!(of("../main.css").resolve("../a.css"), "../../a.css");
        assert_eq!(of("css/main.css").resolve("/a.css"), "/a.css");
        assert_eq!(of("css/main.css").resolve("https://example.org/a.css"), "https://example.org/a.css");
    }
}
