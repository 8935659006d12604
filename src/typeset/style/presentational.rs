//! What old attributes of HTML say of the style (HTML, 15.3): hints, weaker than anything in a style sheet of an author.

use std::collections::HashMap;

use cssparser::Parser;

use super::declaration::{self, Declaration};
use super::values::ColorValue;
use crate::typeset::dom::{Dom, Element, NodeId};

/// The hints of a document. Elements with the same attributes share a set of them.
#[derive(Default)]
pub(super) struct Hints {
    sets: Vec<Vec<Declaration>>,
    of: HashMap<NodeId, u32>,
}

/// Declarations as they would stand in a style sheet.
#[derive(Default)]
struct Found(Vec<(&'static str, String)>);

impl Hints {
    /// Reads the attributes of all elements.
    pub(super) fn of_document(dom: &Dom) -> Self {
        let mut hints = Self::default();
        let mut known: HashMap<String, u32> = HashMap::new();
        let link = dom.first("body").and_then(|body| dom.element(body)?.attribute("link"));
        for (id, element) in dom.elements().filter(|(_, element)| element.is_html || &*element.name == "svg") {
            let mut found = Found::default();
            found.element(dom, id, element);
            if &*element.name == "a" && element.attribute("href").is_some() {
                found.color("color", link);
            }
            if found.0.is_empty() {
                continue;
            }
            let set = *known.entry(format!("{:?}", found.0)).or_insert_with(|| {
                hints.sets.push(found.0.iter().flat_map(|(name, value)| parsed(name, value)).collect());
                (hints.sets.len() - 1) as u32
            });
            hints.of.insert(id, set);
        }
        hints
    }

    /// The set of an element.
    pub(super) fn of(&self, node: NodeId) -> Option<u32> {
        self.of.get(&node).copied()
    }

    pub(super) fn declarations(&self, set: Option<u32>) -> &[Declaration] {
        set.and_then(|set| self.sets.get(set as usize)).map_or(&[], Vec::as_slice)
    }
}

fn parsed(name: &str, value: &str) -> Vec<Declaration> {
    let mut declarations = declaration::parse(name, &mut Parser::new(value)).unwrap_or_default();
    // Attributes cannot make anything important.
    for declaration in &mut declarations {
        declaration.important = false;
    }
    declarations
}

impl Found {
    fn say(&mut self, property: &'static str, value: impl Into<String>) {
        self.0.push((property, value.into()));
    }

    fn color(&mut self, property: &'static str, value: Option<&str>) {
        if let Some(color) = value.and_then(legacy_color) {
            self.say(property, color);
        }
    }

    fn dimension(&mut self, property: &'static str, value: Option<&str>) {
        if let Some(length) = value.and_then(dimension) {
            self.say(property, length);
        }
    }

    fn pixels(&mut self, properties: &[&'static str], value: Option<&str>) {
        if let Some(pixels) = value.and_then(integer) {
            for property in properties {
                self.say(property, format!("{pixels}px"));
            }
        }
    }

    fn element(&mut self, dom: &Dom, id: NodeId, element: &Element) {
        let of = |name: &str| element.attribute(name);
        if let Some(level) = element.heading_role() {
            self.say("bookmark-level", level.to_string());
            self.say("break-after", "avoid");
        }
        match &*element.name {
            "body" => {
                self.color("background-color", of("bgcolor"));
                self.color("color", of("text"));
            }
            "font" => self.font(element),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.align(of("align"), false),
            "div" => self.align(of("align"), true),
            "caption" if is(of("align"), "bottom") => self.say("caption-side", "bottom"),
            "table" => self.table(element),
            "col" | "colgroup" => self.dimension("width", of("width")),
            "thead" | "tbody" | "tfoot" | "tr" => self.table_part(element),
            "td" | "th" => self.cell(dom, id, element),
            "hr" => self.rule(element),
            "ol" | "ul" | "li" => self.list(of("type").unwrap_or_default().trim()),
            "br" => match of("clear").map(str::to_ascii_lowercase).as_deref() {
                Some("left") => self.say("clear", "left"),
                Some("right") => self.say("clear", "right"),
                Some("all" | "both") => self.say("clear", "both"),
                _ => {}
            },
            "svg" => self.picture_size(element),
            "img" | "input" | "object" | "embed" | "iframe" | "video" => self.embedded(element),
            _ => {}
        }
    }

    /// `align`; with `boxes` it also says where boxes inside stand that are not as wide as there is room.
    fn align(&mut self, value: Option<&str>, boxes: bool) {
        let side = match value.map(|value| value.trim().to_ascii_lowercase()).as_deref() {
            Some("left") => "left",
            Some("right") => "right",
            Some("center" | "middle") => "center",
            Some("justify") => return self.say("text-align", "justify"),
            _ => return,
        };
        self.say("text-align", side);
        if boxes {
            self.say("-masthead-align-boxes", side);
        }
    }

    fn font(&mut self, element: &Element) {
        self.color("color", element.attribute("color"));
        if let Some(face) = element.attribute("face") {
            self.say("font-family", face);
        }
        let Some(size) = element.attribute("size").map(str::trim) else { return };
        let Some(number) = integer(size.trim_start_matches(['+', '-'])).map(|number| number.min(7) as i32) else {
            return;
        };
        let size = match size.as_bytes().first() {
            Some(b'+') => 3 + number,
            Some(b'-') => 3 - number,
            _ => number,
        };
        // As shares of the document's own size, which 3 is.
        let share = ["0.63", "0.82", "1", "1.13", "1.5", "2", "3"][(size.clamp(1, 7) - 1) as usize];
        self.say("font-size", format!("{share}rem"));
    }

    fn table(&mut self, element: &Element) {
        let of = |name: &str| element.attribute(name);
        self.dimension("width", of("width").filter(|width| integer(width) != Some(0)));
        self.dimension("height", of("height"));
        self.color("background-color", of("bgcolor"));
        match of("align").map(|align| align.trim().to_ascii_lowercase()).as_deref() {
            Some("left") => self.say("float", "left"),
            Some("right") => self.say("float", "right"),
            Some("center") => self.say("margin-inline", "auto"),
            _ => {}
        }
        self.pixels(&["margin-left", "margin-right"], of("hspace"));
        self.pixels(&["margin-top", "margin-bottom"], of("vspace"));
        self.pixels(&["border-spacing"], of("cellspacing"));
        if let Some(width) = table_border(element) {
            self.say("border", format!("{width}px outset #808080"));
        }
        if of("rules").is_some() {
            self.say("border-collapse", "collapse");
        }
        self.color("border-color", of("bordercolor"));
    }

    fn table_part(&mut self, element: &Element) {
        self.align(element.attribute("align"), true);
        self.vertical(element.attribute("valign"));
        self.color("background-color", element.attribute("bgcolor"));
        self.dimension("height", element.attribute("height"));
    }

    fn vertical(&mut self, value: Option<&str>) {
        for known in ["top", "middle", "bottom", "baseline"] {
            if is(value, known) {
                self.say("vertical-align", known);
            }
        }
    }

    fn cell(&mut self, dom: &Dom, id: NodeId, element: &Element) {
        let of = |name: &str| element.attribute(name);
        let around = |name: &str| {
            let parents = std::iter::successors(Some(dom.node(id).parent), |id| Some(dom.node(*id).parent));
            parents.take(3).filter_map(|id| dom.element(id)).find(|element| &*element.name == name)
        };
        if let Some(table) = around("table") {
            self.pixels(&["padding"], table.attribute("cellpadding"));
            let line = match table.attribute("rules").map(|rules| rules.trim().to_ascii_lowercase()).as_deref() {
                Some("all") => Some("1px solid #808080"),
                Some("none" | "rows" | "cols" | "groups") => None,
                _ => table_border(table).map(|_| "1px inset #808080"),
            };
            if let Some(line) = line {
                self.say("border", line);
            }
            if is(table.attribute("rules"), "rows") {
                self.say("border-block", "1px solid #808080");
            } else if is(table.attribute("rules"), "cols") {
                self.say("border-inline", "1px solid #808080");
            }
            self.color("border-color", table.attribute("bordercolor"));
        }
        // A header cell is centred only where nothing else is said of its row.
        let of_row = || around("tr").and_then(|row| row.attribute("align"));
        self.align(of("align").or_else(|| of_row().filter(|_| &*element.name == "th")), true);
        self.vertical(of("valign"));
        self.color("background-color", of("bgcolor"));
        self.color("border-color", of("bordercolor"));
        self.dimension("width", of("width").filter(|width| integer(width) != Some(0)));
        self.dimension("height", of("height"));
        if of("nowrap").is_some() {
            self.say("white-space", "nowrap");
        }
    }

    fn rule(&mut self, element: &Element) {
        let of = |name: &str| element.attribute(name);
        self.dimension("width", of("width"));
        self.pixels(&["border-block-start-width"], of("size").filter(|size| integer(size) != Some(0)));
        self.color("border-block-start-color", of("color"));
        match of("align").map(|align| align.trim().to_ascii_lowercase()).as_deref() {
            Some("left") => self.say("margin-left", "0"),
            Some("right") => self.say("margin-right", "0"),
            _ => {}
        }
    }

    fn list(&mut self, kind: &str) {
        let style = match kind {
            "1" => "decimal",
            "a" => "lower-alpha",
            "A" => "upper-alpha",
            "i" => "lower-roman",
            "I" => "upper-roman",
            kind => match kind.to_ascii_lowercase().as_str() {
                "disc" => "disc",
                "circle" => "circle",
                "square" => "square",
                "none" => "none",
                _ => return,
            },
        };
        self.say("list-style-type", style);
    }

    fn embedded(&mut self, element: &Element) {
        let of = |name: &str| element.attribute(name);
        match of("align").map(|align| align.trim().to_ascii_lowercase()).as_deref() {
            Some("left") => self.say("float", "left"),
            Some("right") => self.say("float", "right"),
            Some("top") => self.say("vertical-align", "top"),
            Some("texttop") => self.say("vertical-align", "text-top"),
            Some("middle" | "center" | "absmiddle" | "abscenter") => self.say("vertical-align", "middle"),
            Some("absbottom") => self.say("vertical-align", "bottom"),
            _ => {}
        }
        self.pixels(&["margin-left", "margin-right"], of("hspace"));
        self.pixels(&["margin-top", "margin-bottom"], of("vspace"));
        if let Some(width) = of("border").and_then(integer).filter(|width| *width > 0) {
            self.say("border", format!("{width}px solid"));
        }
        self.picture_size(element);
    }

    /// Pictures are made smaller from sizes in pixels, where no sheet says anything else.
    fn picture_size(&mut self, element: &Element) {
        for property in ["width", "height"] {
            match element.attribute(property) {
                Some(value) if element.is_html && value.trim().ends_with('%') => self.dimension(property, Some(value)),
                Some(_) => self.say(property, "-masthead-attribute"),
                None => {}
            }
        }
    }
}

fn is(value: Option<&str>, wanted: &str) -> bool {
    value.is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
}

/// The width that `border` of a table says, in pixels; none where there is none.
fn table_border(table: &Element) -> Option<u32> {
    let width = integer(table.attribute("border")?).unwrap_or(1);
    (width > 0).then_some(width)
}

/// A number without a sign at the beginning of a text (HTML, 2.3.4.2).
fn integer(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..digits].parse().ok()
}

/// A length in pixels or a share, as `width` and its like are written (HTML, 2.3.4.4).
fn dimension(text: &str) -> Option<String> {
    let text = text.trim_start();
    let mut has_dot = false;
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.' && !std::mem::replace(&mut has_dot, true);
    let end = text.bytes().take_while(is_part).count();
    let number: f32 = text[..end].trim_end_matches('.').parse().ok()?;
    let unit = if text[end..].starts_with('%') { "%" } else { "px" };
    number.is_finite().then(|| format!("{number}{unit}"))
}

/// A colour as old documents write it (HTML, 2.3.6): any text is one.
fn legacy_color(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("transparent") {
        return None;
    }
    let is_css = |text: &str| ColorValue::parse(&mut Parser::new(text)).is_ok();
    if text.bytes().all(|byte| byte.is_ascii_alphabetic()) && is_css(text) {
        return Some(text.to_owned());
    }
    if text.len() == 4 && text.starts_with('#') && is_css(text) {
        return Some(text.to_owned());
    }
    let digits = text.strip_prefix('#').unwrap_or(text).chars().take(128);
    let mut digits: Vec<u8> = digits.map(|c| if c.is_ascii_hexdigit() { c as u8 } else { b'0' }).collect();
    while digits.is_empty() || !digits.len().is_multiple_of(3) {
        digits.push(b'0');
    }
    let length = digits.len() / 3;
    let mut parts: Vec<&[u8]> = digits.chunks(length).map(|part| &part[length.saturating_sub(8)..]).collect();
    while parts[0].len() > 2 && parts.iter().all(|part| part[0] == b'0') {
        for part in &mut parts {
            *part = &part[1..];
        }
    }
    let part = |part: &[u8]| {
        let text = String::from_utf8_lossy(&part[..part.len().min(2)]).into_owned();
        u8::from_str_radix(&text, 16).unwrap_or(0)
    };
    Some(format!("#{:02x}{:02x}{:02x}", part(parts[0]), part(parts[1]), part(parts[2])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_old_documents_are_read_as_browsers_read_them() {
        for (text, color) in [
            ("red", Some("red")),
            (" #fc0 ", Some("#fc0")),
            ("ffcc00", Some("#ffcc00")),
            ("#12", Some("#010200")),
            ("chucknorris", Some("#c00000")),
            ("#ffffff00", Some("#ffff00")),
            ("transparent", None),
            ("", None),
        ] {
            assert_eq!(legacy_color(text).as_deref(), color, "{text}");
        }
    }

    #[test]
    fn lengths_end_where_their_digits_do() {
        for (text, length) in [
            ("12", Some("12px")),
            (" 50%x", Some("50%")),
            ("1.5.2", Some("1.5px")),
            ("auto", None),
            ("3px", Some("3px")),
        ] {
            assert_eq!(dimension(text).as_deref(), length, "{text}");
        }
    }
}
