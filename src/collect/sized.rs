//! Pictures in Markdown whose size stands in braces behind them: `![a](b.png){width=40}`, `![a](b.png){: height="2em"}`.
//!
//! Whoever takes such braces away leaves of them what says a size, in one form that nothing else has; here it becomes part of
//! the picture.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::sanitise::tag::attributes;
use crate::model::escaped;

/// How the mark begins that [`mark`] makes.
pub(super) const BEGINS: &str = "{:size ";

/// No longer value is one, in bytes.
const LONGEST: usize = 12;

/// The mark that stands behind a picture for what these attributes say of its size; `None` where they say nothing of it.
pub(super) fn mark(said: &str) -> Option<String> {
    let (mut width, mut height) = (None, None);
    for (name, value) in attributes(said) {
        match name.trim_start_matches(':') {
            "width" | "w" => width = Some(value.into_owned()),
            "height" | "h" => height = Some(value.into_owned()),
            "style" => {
                for (property, value) in value.split(';').filter_map(|part| part.split_once(':')) {
                    match property.trim() {
                        "width" | "max-width" => width = Some(value.trim().to_owned()),
                        "height" | "max-height" => height = Some(value.trim().to_owned()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let lengths = [("width", width), ("height", height)];
    let lengths = lengths.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| is_length(value))?)));
    let words: Vec<String> = lengths.map(|(name, value)| format!("{name}={value}")).collect();
    (!words.is_empty()).then(|| format!("{BEGINS}{}}}", words.join(" ")))
}

/// A number with a unit or none.
pub(super) fn is_length(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    unit.len() < value.len()
        && value.len() <= LONGEST
        && (unit == "%" || unit.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The attributes that give a picture a size, each behind a space: a style where the size has a unit that attributes lack.
pub(super) fn of_picture<'v>(lengths: impl Iterator<Item = (&'v str, &'v str)>) -> String {
    let (mut attributes, mut style) = (String::new(), String::new());
    for (name, value) in lengths.filter(|(_, value)| is_length(value)) {
        if value.ends_with(|c: char| c.is_ascii_digit() || c == '%') {
            attributes.extend([" ", name, "=\"", value, "\""]);
        } else {
            style.extend([name, ": ", value, ";"]);
        }
    }
    if !style.is_empty() {
        attributes.extend([" style=\"", style.trim_end_matches(';'), "\""]);
    }
    attributes
}

/// The events with such pictures as HTML.
pub(super) fn read<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut reader = Reader { picture: Vec::new(), depth: 0 };
    let ended = [None];
    events.map(Some).chain(ended).flat_map(move |event| reader.next(event))
}

struct Reader<'a> {
    /// The events of a picture, until what stands behind it is known.
    picture: Vec<Event<'a>>,
    /// How many pictures are open: descriptions may hold more.
    depth: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self, event: Option<Event<'a>>) -> Vec<Event<'a>> {
        match &event {
            Some(Event::Start(Tag::Image { .. })) if self.depth == 0 => {
                self.depth = 1;
                let before = std::mem::take(&mut self.picture);
                self.picture.extend(event);
                return before;
            }
            Some(Event::Start(Tag::Image { .. })) => self.depth += 1,
            Some(Event::End(TagEnd::Image)) => self.depth = self.depth.saturating_sub(1),
            _ if self.depth == 0 => return self.behind(event),
            _ => {}
        }
        // An end of the text inside of a picture does not come.
        self.picture.extend(event);
        Vec::new()
    }

    /// What stands behind a picture, if there is one, or anywhere else.
    fn behind(&mut self, event: Option<Event<'a>>) -> Vec<Event<'a>> {
        let mut out = std::mem::take(&mut self.picture);
        let said = match &event {
            Some(Event::Text(text)) => text.strip_prefix(BEGINS).and_then(|rest| rest.split_once('}')),
            _ => None,
        };
        let Some((said, rest)) = said else {
            out.extend(event);
            return out;
        };
        let html = markup(&out, said).map(|html| vec![Event::InlineHtml(CowStr::from(html))]);
        let mut out = html.unwrap_or(out);
        if !rest.is_empty() {
            out.push(Event::Text(CowStr::from(rest.to_owned())));
        }
        out
    }
}

/// A picture as HTML with what is said of its size.
fn markup(picture: &[Event<'_>], said: &str) -> Option<String> {
    let Some(Event::Start(Tag::Image { dest_url, title, .. })) = picture.first() else { return None };
    let alt: String = picture
        .iter()
        .map(|event| match event {
            Event::Text(text) | Event::Code(text) => &**text,
            Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        })
        .collect();
    let mut html = format!("<img src=\"{}\" alt=\"{}\"", escaped(dest_url), escaped(&alt));
    if !title.is_empty() {
        html.extend([" title=\"", &escaped(title), "\""]);
    }
    html.push_str(&of_picture(said.split(' ').filter_map(|word| word.split_once('='))));
    html.push('>');
    Some(html)
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::collect::body::to_html;

    #[test]
    fn braces_behind_a_picture_say_its_size() {
        for (said, expected) in [
            ("width=40", Some("{:size width=40}")),
            (": .left width=\"50%\" height='2em'", Some("{:size width=50% height=2em}")),
            (".normal w=\"300\" h=\"200\"", Some("{:size width=300 height=200}")),
            ("style=\"float: left; max-width: 30px\"", Some("{:size width=30px}")),
            (".left target=_blank", None),
            ("width=\"a b\"", None),
            ("width=\"}\"", None),
        ] {
            assert_eq!(mark(said).as_deref(), expected, "{said}");
        }
        for (text, expected) in [
            (
                "![a *b*](c.png \"T\"){:size width=40}",
                "<p><img src=\"c.png\" alt=\"a b\" title=\"T\" width=\"40\"></p>\n",
            ),
            (
                "x ![a][b]{:size height=2em} y\n\n[b]: c.png",
                "<p>x <img src=\"c.png\" alt=\"a\" style=\"height: 2em\"> y</p>\n",
            ),
            ("[![a](b.png)](c){:size width=40}", "<p><a href=\"c\"><img src=\"b.png\" alt=\"a\" /></a></p>\n"),
            ("![a](b.png)", "<p><img src=\"b.png\" alt=\"a\" /></p>\n"),
            (
                "![a](b.png)![c](d.png){:size width=40}",
                "<p><img src=\"b.png\" alt=\"a\" /><img src=\"d.png\" alt=\"c\" width=\"40\"></p>\n",
            ),
            ("![a ![b](c.png)](d.png)", "<p><img src=\"d.png\" alt=\"a b\" /></p>\n"),
        ] {
            let written = to_html(text, false);
            assert_eq!(written.html, expected, "{text}");
            assert!(!written.holds_raw_html);
        }
    }
}
