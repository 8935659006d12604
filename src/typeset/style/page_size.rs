//! `size` of pages (CSS Paged Media 3, 7.1).

use cssparser::Parser;

use super::values::{Length, Parsed, Units, refuse};

/// A page size as written: a paper or two lengths, perhaps turned.
pub(super) struct ParsedPageSize {
    size: Result<(f32, f32), (Length, Length)>,
    landscape: Option<bool>,
}

impl ParsedPageSize {
    pub(super) fn resolve(&self, units: &Units) -> (f32, f32) {
        let (w, h) = match self.size {
            Ok(size) => size,
            Err((ref w, ref h)) => (w.resolve(units).pt, h.resolve(units).pt),
        };
        let (w, h) = match self.landscape {
            Some(true) => (w.max(h), w.min(h)),
            Some(false) => (w.min(h), w.max(h)),
            None => (w, h),
        };
        // ISO 32000-2, Annex C: 3 to 14400 units.
        (w.clamp(3.0, 14_400.0), h.clamp(3.0, 14_400.0))
    }
}

pub(super) fn page_size(input: &mut Parser<'_>) -> Parsed<ParsedPageSize> {
    const MM: f32 = 72.0 / 25.4;
    let mut out = ParsedPageSize { size: Ok((210.0 * MM, 297.0 * MM)), landscape: None };
    if let Ok(width) = input.try_parse(Length::parse_positive) {
        let height = input.try_parse(Length::parse_positive).unwrap_or_else(|_| width.clone());
        out.size = Err((width, height));
    }
    while !input.is_exhausted() {
        let Ok(name) = input.try_parse(cssparser::Parser::expect_ident_cloned) else { break };
        match name.to_ascii_lowercase().as_str() {
            "auto" => {}
            "landscape" => out.landscape = Some(true),
            "portrait" => out.landscape = Some(false),
            "letter" => out.size = Ok((612.0, 792.0)),
            "legal" => out.size = Ok((612.0, 1008.0)),
            "ledger" => out.size = Ok((792.0, 1224.0)),
            name => {
                let Some((width, height)) = sheet_of_series(name) else { return refuse() };
                out.size = Ok((width * MM, height * MM));
            }
        }
    }
    Ok(out)
}

/// A sheet of ISO 216 or of JIS P 0138 by its name, in millimetres: each is half of the one before, in whole millimetres.
/// CSS Paged Media 3 (7.1) has A3 to A5, B4 and B5; the others go by the same rule.
fn sheet_of_series(name: &str) -> Option<(f32, f32)> {
    let series = [("jis-b", (1030_u16, 1456_u16)), ("a", (841, 1189)), ("b", (1000, 1414))];
    let (size, whole) = series.iter().find_map(|(series, whole)| Some((name.strip_prefix(series)?, *whole)))?;
    let halvings = (0..=10_u8).find(|halvings| halvings.to_string() == size)?;
    let (width, height) = (0..halvings).fold(whole, |(width, height), _| (height / 2, width));
    Some((width.into(), height.into()))
}
