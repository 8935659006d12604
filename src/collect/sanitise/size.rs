//! How large a post shows a picture: what its author said of it by attributes and by style (HTML, 4.8.17; CSS 2.2, 10.2), as far
//! as that makes it smaller than it is.
//!
//! Pictures keep their proportions whatever is said. Every program obeys `width` and `height` in pixels, so these are
//! written wherever they can say it; a style says what goes by the size of letters or of the column.

use std::fmt::Write as _;

use super::tag::attribute;

/// Pixels of an em and of a point, where letters have the size that browsers give them.
const EM: f32 = 16.0;
const POINT: f32 = 4.0 / 3.0;
/// Nothing is shown larger, in pixels.
const MOST: f32 = 20_000.0;
/// What is no taller and no wider than so many em stands in a line, among letters.
const IN_LINE: f32 = 3.0;
/// Classes by which programs show a picture as a letter, where no style says it: WordPress and GitHub.
const LETTERS: [&str; 2] = ["wp-smiley", "emoji"];

/// A length that makes a picture smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    Pixels(f32),
    Em(f32),
    /// Of the room that there is.
    Percent(f32),
}

impl Length {
    /// A length of CSS; none of a share of what is not known, and of what is no length.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches("!important").trim_end().to_ascii_lowercase();
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number: f32 = number.parse().ok()?;
        let length = match unit.trim_start() {
            "px" => Self::Pixels(number),
            "em" => Self::Em(number),
            "rem" => Self::Pixels(number * EM),
            "pt" => Self::Pixels(number * POINT),
            "in" => Self::Pixels(number * 96.0),
            "cm" => Self::Pixels(number * 96.0 / 2.54),
            "mm" => Self::Pixels(number * 96.0 / 25.4),
            "%" => Self::Percent(number),
            _ => return None,
        };
        length.is_any().then_some(length)
    }

    /// The value of an attribute, as HTML reads dimensions (2.3.4.4): what follows the number counts only where it is `%`.
    fn attribute(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let number: f32 = text[..digits].parse().ok()?;
        let length = if text[digits..].starts_with('%') { Self::Percent(number) } else { Self::Pixels(number) };
        length.is_any().then_some(length)
    }

    fn is_any(self) -> bool {
        match self {
            Self::Pixels(px) => (1.0..=MOST).contains(&px),
            Self::Em(em) => em > 0.0 && em * EM <= MOST,
            Self::Percent(share) => share >= 1.0,
        }
    }

    fn pixels(self) -> Option<f32> {
        match self {
            Self::Pixels(px) => Some(px),
            Self::Em(em) => Some(em * EM),
            Self::Percent(_) => None,
        }
    }

    /// The one that leaves less room; a share is less than nothing said, and more than a length.
    fn smaller(self, other: Self) -> Self {
        match (self, other) {
            (Self::Percent(a), Self::Percent(b)) => Self::Percent(a.min(b)),
            (Self::Percent(_), length) | (length, Self::Percent(_)) => length,
            (a, b) => {
                if b.pixels() < a.pixels() {
                    b
                } else {
                    a
                }
            }
        }
    }
}

/// What a post says of the size of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Given {
    width: Option<Length>,
    height: Option<Length>,
    /// Width and height by its attributes, which say its shape where its file is not at hand.
    shape: Option<(f32, f32)>,
}

impl Given {
    /// Reads the attributes of an `img`.
    pub(super) fn read(attributes: &str) -> Self {
        let said = |name: &str| attribute(attributes, name).and_then(|value| Length::attribute(&value));
        let (own_width, own_height) = (said("width"), said("height"));
        let shape = own_width.and_then(Length::pixels).zip(own_height.and_then(Length::pixels));
        let style = attribute(attributes, "style").unwrap_or_default();
        let css = |name: &str| {
            let mut parts = style.rsplit(';').filter_map(|part| part.split_once(':'));
            parts.find(|(property, _)| property.trim().eq_ignore_ascii_case(name)).map(|(_, value)| Length::read(value))
        };
        let (width, height) = (css("width"), css("height"));
        // A style outweighs attributes; one that sets the width alone leaves the height to the proportions.
        let own_height = own_height.filter(|_| height.is_none() && width.is_none());
        // The whole width is no limit; a share of it is, whatever the attributes say, which give the shape then.
        let most = css("max-width").flatten();
        let is_limited = matches!(most, Some(Length::Percent(share)) if share < 100.0);
        let own_width = own_width.filter(|_| width.is_none() && height.flatten().is_none() && !is_limited);
        let least = |a: Option<Length>, b: Option<Length>| match (a, b) {
            (Some(a), Some(b)) => Some(a.smaller(b)),
            (a, b) => a.or(b),
        };
        let is_share = |length: &Length| matches!(length, Length::Percent(_));
        let width = least(width.flatten().or(own_width), most);
        let height = least(height.flatten().or(own_height), css("max-height").flatten());
        // The whole width of the column is no size, and a height that goes with it would change the shape.
        let is_whole = width.is_some_and(|width| matches!(width, Length::Percent(share) if share >= 100.0));
        let mut given = Self {
            width: width.filter(|_| !is_whole),
            height: height.filter(|height| !is_share(height) && !is_whole),
            shape,
        };
        if given.width.is_none() && given.height.is_none() && !is_whole && is_a_letter(attributes) {
            given.height = Some(Length::Em(1.0));
        }
        given
    }

    /// Whether it is set among letters, as one of them.
    pub(super) fn is_in_line(&self) -> bool {
        let both = [self.width, self.height];
        let is_em = |length: &Option<Length>| matches!(length, Some(Length::Em(em)) if *em <= IN_LINE);
        both.iter().any(is_em) && both.iter().all(|length| length.is_none() || is_em(length))
    }

    /// Appends the attributes that say how large a picture is shown whose file has this size, in pixels. A drawing of lines may
    /// be shown larger than its file says.
    pub(super) fn push(&self, out: &mut String, file: Option<(u32, u32)>, is_drawing: bool) {
        #[allow(clippy::cast_precision_loss, reason = "no picture has more than 2^24 pixels in a row")]
        let file = file.map(|(width, height)| (width as f32, height as f32));
        let shape = file.or(self.shape);
        let (width, height) = (self.width.and_then(Length::pixels), self.height.and_then(Length::pixels));
        if let Some(Length::Percent(share)) = self.width
            && height.is_none()
        {
            push_pixels(out, shape);
            let width = if is_drawing { "width" } else { "max-width" };
            let _ = write!(out, " style=\"{width}: {}%; height: auto\"", share.round());
            return;
        }
        let Some((w, h)) = shape else { return self.push_unknown(out, width, height) };
        let asked = match (width, height) {
            (Some(width), Some(height)) if is_of_shape((width, height), (w, h)) => Some((width, height)),
            (Some(width), Some(height)) => Some(scaled((w, h), (width / w).min(height / h))),
            (Some(width), None) => Some((width, width * h / w)),
            (None, Some(height)) => Some((height * w / h, height)),
            (None, None) => None,
        };
        let is_less = |(width, height): &(f32, f32)| file.is_none() || is_drawing || (*width <= w && *height <= h);
        let Some((width, height)) = asked.filter(is_less) else { return push_pixels(out, shape) };
        push_pixels(out, Some((width, height)));
        if self.is_in_line() {
            push_em(out, Some(width / EM), Some(height / EM));
        }
    }

    /// Of a picture whose shape nobody knows.
    fn push_unknown(&self, out: &mut String, width: Option<f32>, height: Option<f32>) {
        for (name, length) in [("width", width), ("height", height)] {
            if let Some(length) = length {
                push_one(out, name, length);
            }
        }
        if self.is_in_line() {
            push_em(out, width.map(|px| px / EM), height.map(|px| px / EM));
        } else if let (None, Some(height)) = (width, height) {
            // Style sheets have `height: auto` for all pictures.
            let _ = write!(out, " style=\"max-height: {}px\"", height.round());
        }
    }
}

/// Whether a style is one that stands behind a picture as it is written here.
pub(super) fn is_settled(style: &str) -> bool {
    style.split("; ").all(|part| match part.split_once(": ") {
        Some(("height", "auto") | ("vertical-align", "-0.1em")) => true,
        Some(("width" | "height" | "max-width" | "max-height", value)) => {
            let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            unit.len() < value.len() && matches!(unit, "em" | "px" | "%")
        }
        _ => false,
    })
}

fn is_a_letter(attributes: &str) -> bool {
    let classes = attribute(attributes, "class").unwrap_or_default();
    classes.split_ascii_whitespace().any(|class| LETTERS.contains(&class))
}

fn scaled((width, height): (f32, f32), factor: f32) -> (f32, f32) {
    (width * factor, height * factor)
}

/// Whether these sides are in the proportion of those, as far as whole pixels can be.
fn is_of_shape((width, height): (f32, f32), (w, h): (f32, f32)) -> bool {
    (height - width * h / w).abs() <= 0.51 || (width - height * w / h).abs() <= 0.51
}

fn push_pixels(out: &mut String, size: Option<(f32, f32)>) {
    if let Some((width, height)) = size {
        push_one(out, "width", width);
        push_one(out, "height", height);
    }
}

fn push_one(out: &mut String, name: &str, length: f32) {
    let _ = write!(out, " {name}=\"{}\"", length.round().clamp(1.0, MOST.max(length)));
}

/// As much of a letter; it hangs below the line as letters do.
fn push_em(out: &mut String, width: Option<f32>, height: Option<f32>) {
    out.push_str(" style=\"");
    for (name, em) in [("width", width), ("height", height)] {
        if let Some(em) = em {
            let _ = write!(out, "{name}: {}em; ", (em * 100.0).round().max(1.0) / 100.0);
        }
    }
    out.push_str("vertical-align: -0.1em\"");
}

#[cfg(test)]
mod tests {
    use super::{Given, is_settled};

    fn of(attributes: &str, file: Option<(u32, u32)>) -> String {
        let mut out = String::new();
        Given::read(attributes).push(&mut out, file, false);
        out.trim_start().to_owned()
    }

    #[test]
    fn a_picture_is_no_larger_than_its_post_says() {
        for (said, shown) in [
            ("", "width='300' height='200'"),
            ("width=40 height=40", "width='40' height='27'"),
            ("width=30", "width='30' height='20'"),
            ("height=20", "width='30' height='20'"),
            ("width='30px' height='auto'", "width='30' height='20'"),
            ("width=150 height=100", "width='150' height='100'"),
            ("width=600 height=400", "width='300' height='200'"),
            ("width=0 height=x", "width='300' height='200'"),
            ("width='100%'", "width='300' height='200'"),
            ("width='50%'", "width='300' height='200' style='max-width: 50%; height: auto'"),
            ("style='width: 33.3%'", "width='300' height='200' style='max-width: 33%; height: auto'"),
            ("style='width:120px;height:auto'", "width='120' height='80'"),
            ("width=300 height=200 style='width: 120px !important'", "width='120' height='80'"),
            ("width=150 height=100 style='max-width:100%;height:auto'", "width='150' height='100'"),
            ("width=150 height=100 style='width:100%;height:auto'", "width='300' height='200'"),
            ("style='width:100%; max-width: 90pt'", "width='120' height='80'"),
            ("style='height:20em'", "width='300' height='200'"),
            ("style='height:5em'", "width='120' height='80'"),
            ("style='height: 1em'", "width='24' height='16' style='width: 1.5em; height: 1em; vertical-align: -0.1em'"),
            ("class='x wp-smiley'", "width='24' height='16' style='width: 1.5em; height: 1em; vertical-align: -0.1em'"),
            ("class=emoji width=30", "width='30' height='20'"),
            ("style='width:calc(1px)'", "width='300' height='200'"),
        ] {
            assert_eq!(of(said, Some((300, 200))).replace('"', "'"), shown, "{said}");
            let again = of(&of(said, Some((300, 200))), Some((300, 200))).replace('"', "'");
            assert_eq!(again, shown, "again: {said}");
        }
    }

    #[test]
    fn of_a_picture_elsewhere_the_post_alone_tells() {
        for (said, shown) in [
            ("", ""),
            ("width=40 height=41", "width='40' height='41'"),
            ("width=40", "width='40'"),
            ("height=40", "height='40' style='max-height: 40px'"),
            ("width='50%'", "style='max-width: 50%; height: auto'"),
            ("width=300 height=200 style='width:30px'", "width='30' height='20'"),
            ("style='height:1em; max-height: 1em'", "height='16' style='height: 1em; vertical-align: -0.1em'"),
        ] {
            let written = of(said, None);
            assert_eq!(written.replace('"', "'"), shown, "{said}");
            assert_eq!(of(&written, None), written, "again: {said}");
            assert_eq!(of(&written, Some((300, 200))), of(said, Some((300, 200))), "found later: {said}");
            let style = written.split_once("style=\"").map(|(_, style)| style.trim_end_matches('"'));
            assert!(style.is_none_or(is_settled), "{written}");
        }
        assert!(!is_settled("width: 1vw") && !is_settled("color: red") && !is_settled("width: 1px;x: y"));
    }

    #[test]
    fn a_drawing_of_lines_may_grow() {
        let mut out = String::new();
        Given::read("width=400").push(&mut out, Some((8, 4)), true);
        assert_eq!(out, " width=\"400\" height=\"200\"");
    }

    #[test]
    fn wide_pictures_keep_what_was_written() {
        let once = of("width=100", Some((1200, 65)));
        assert_eq!(of(&once, Some((1200, 65))), once);
    }
}
