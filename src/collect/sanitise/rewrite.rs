//! The one pass that writes every tag anew.

use std::fmt::Write as _;

use super::beside::side;
use super::dropped::is_pixel;
use super::headings::is_top;
use super::outline::{Outline, clean, heading_level};
use super::placement::{is_between_blocks, is_block, is_centred, is_holder, next_solid, picture_alone};
use super::settled::is_linked_file;
use super::size::Given;
use super::tag::{Piece, Scanner, attribute, attributes, push_escaped, with_class};
use super::{Addresses, Context, Shown, decoration, hidden, policy};
use crate::collect::links::percent_decoded;
use crate::model::picture_name;

/// No more addresses of one picture are tried.
const MOST_SOURCES: usize = 20;

/// Elements that are parts of a line.
const OF_LINES: [&str; 12] = ["b", "cite", "em", "i", "ins", "kbd", "mark", "q", "small", "strong", "sub", "sup"];

/// Elements whose style may strike out what they hold, where that is words.
const OF_WORDS: [&str; 19] = [
    "b",
    "blockquote",
    "cite",
    "dd",
    "div",
    "dt",
    "em",
    "figcaption",
    "i",
    "ins",
    "li",
    "mark",
    "p",
    "q",
    "small",
    "strong",
    "td",
    "th",
    "u",
];

/// How many pieces of markup may stand between an `object` and the `embed` in it, or in words that are struck out.
const LOOK_AHEAD: usize = 30;

/// Writes `html` anew as the policy has it.
pub(super) fn rewrite(html: &str, context: Context<'_>, addresses: &mut dyn Addresses) -> String {
    // HTML has no place for U+0000 (13.2.3.5); parsers disagree on what becomes of it.
    let clean = html.contains('\0').then(|| html.replace('\0', ""));
    let shown = hidden::shown(clean.as_deref().unwrap_or(html));
    let html = &*decoration::without(&shown, |tag, words| addresses.left_out(tag, words));
    let outline = Outline::of(html, context.title);
    let mut scanner = Scanner::new(html);
    let title = outline.title.clone();
    let mut writer = Writer {
        out: String::with_capacity(html.len() + html.len() / 8),
        context,
        addresses,
        outline,
        next_heading: 0,
        kept_links: Vec::new(),
        in_figure: 0,
        last_picture: None,
        struck: Vec::new(),
        source: None,
    };
    loop {
        if let Some(title) = title.as_ref().filter(|title| title.start == scanner.at) {
            scanner.at = title.end;
        }
        let Some(piece) = scanner.next() else { break };
        match piece {
            Piece::Text(text) => writer.out.push_str(text),
            Piece::Stray => writer.out.push_str("&lt;"),
            Piece::Open { name, attributes } => writer.open(name, attributes, &mut scanner),
            Piece::Close { name } => writer.close(name),
        }
    }
    writer.out.trim_start().to_owned()
}

/// The name under which an element stays whose name may be written in capitals.
fn element(name: &str) -> Option<&'static str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        policy::element(&name.to_ascii_lowercase())
    } else {
        policy::element(name)
    }
}

struct Writer<'a, 'c> {
    out: String,
    context: Context<'c>,
    addresses: &'a mut dyn Addresses,
    outline: Outline,
    next_heading: usize,
    /// For each open `<a>`: where its tag was written, if it was, and whether something leads there.
    kept_links: Vec<Option<(std::ops::Range<usize>, bool)>>,
    in_figure: usize,
    /// The address of the last picture as it was, how it is loaded, and where its tag ends.
    last_picture: Option<(String, Loading, usize)>,
    /// For each open element of words: whether it strikes them out by its style.
    struck: Vec<(&'static str, bool)>,
    /// The `srcset` of the `source` that stands right before, in a `picture`.
    source: Option<String>,
}

/// How a page loads a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loading {
    AtOnce,
    /// By a script, when it comes into sight.
    Late,
    /// Where no scripts run.
    WithoutScripts,
}

impl Loading {
    /// Whether a picture that is loaded so is the one before it again, of the same address: one that is loaded late stands
    /// again beside itself, for browsers that run no scripts.
    fn repeats(self, before: Self) -> bool {
        match before {
            Self::AtOnce => self == Self::WithoutScripts,
            Self::Late => self != Self::Late,
            Self::WithoutScripts => self != Self::WithoutScripts,
        }
    }
}

impl Writer<'_, '_> {
    fn open(&mut self, name: &str, attributes: &str, scanner: &mut Scanner<'_>) {
        let Some(element) = element(name) else { return };
        if let Some(level) = heading_level(element) {
            return self.open_heading(level, attributes);
        }
        match element {
            "a" | "img" if self.figure_between_blocks(element, attributes, scanner) => {}
            "a" => self.open_link(attributes),
            "img" => self.picture(attributes, false),
            "iframe" | "video" | "audio" | "embed" => self.media(element, attributes, scanner),
            "object" => self.object(attributes, scanner),
            // The last of several is the most common kind.
            "source" => {
                let set = attribute(attributes, "srcset").map(std::borrow::Cow::into_owned);
                self.source = set.filter(|set| !set.trim().is_empty()).or(self.source.take());
                return;
            }
            "track" => {}
            "input" => self.checkbox(attributes),
            "span" => {
                self.struck.push(("span", strikes_out(attributes)));
                self.tag(if strikes_out(attributes) { "s" } else { element }, attributes);
            }
            "p" if self.in_figure == 0 && self.lone_picture(scanner) => {}
            _ => {
                self.in_figure += usize::from(element == "figure");
                let is_task = element == "li" && begins_with_box(scanner);
                let task = is_task.then(|| with_class(attributes, policy::TASK));
                let attributes = task.as_deref().unwrap_or(attributes);
                self.tag(element, attributes);
                if let Some(name) = OF_WORDS.into_iter().find(|name| *name == element) {
                    let strikes = strikes_out(attributes) && holds_words(name, scanner);
                    self.struck.push((name, strikes));
                    self.out.push_str(if strikes { "<s>" } else { "" });
                }
            }
        }
        self.source = None;
    }

    fn close(&mut self, name: &str) {
        let Some(element) = element(name) else { return };
        if let Some(level) = heading_level(element) {
            let _ = write!(self.out, "</h{}>", self.level(level));
            return;
        }
        match element {
            "a" => {
                match self.kept_links.pop().flatten() {
                    // A link without words leads nobody anywhere.
                    Some((tag, false)) if self.out.len() == tag.end => self.out.truncate(tag.start),
                    Some(_) => self.out.push_str("</a>"),
                    None => {}
                }
            }
            "img" | "br" | "hr" | "wbr" | "col" | "iframe" | "video" | "audio" | "embed" | "object" | "source"
            | "track" | "input" => {}
            _ => {
                let of_words = self.struck.pop_if(|(name, _)| *name == element);
                if element == "span" && of_words.is_some_and(|(_, strikes)| strikes) {
                    self.out.push_str("</s>");
                    return;
                }
                self.out.push_str(if of_words.is_some_and(|(_, strikes)| strikes) { "</s>" } else { "" });
                self.in_figure = self.in_figure.saturating_sub(usize::from(element == "figure"));
                self.out.push_str("</");
                self.out.push_str(element);
                self.out.push('>');
            }
        }
    }

    /// The post's title is the heading of level 1, so the highest heading of the body becomes level 2.
    fn level(&self, level: u8) -> u8 {
        (level + 2).saturating_sub(self.outline.top).clamp(2, 6)
    }

    fn open_heading(&mut self, level: u8, attributes: &str) {
        let _ = write!(self.out, "<h{}", self.level(level));
        let id = self.outline.heading_ids.get(self.next_heading).cloned().unwrap_or_default();
        self.next_heading += 1;
        self.id(&id);
        self.generic(attributes);
        self.out.push('>');
    }

    fn open_link(&mut self, text: &str) {
        let href = attribute(text, "href").map(|href| href.trim().to_owned()).unwrap_or_default();
        let address = match href.strip_prefix('#') {
            Some(fragment) => {
                let fragment = percent_decoded(fragment);
                let id = self.outline.target(&fragment);
                if id.is_none() && !is_top(&fragment) {
                    self.addresses.unanswered(&href);
                }
                id.map(|id| format!("#{}--{id}", self.context.prefix))
            }
            None if href.is_empty() => None,
            None => {
                self.addresses.link(&href).filter(|address| policy::allows_link(address) || is_linked_file(address))
            }
        };
        let id = attribute(text, "id").or_else(|| attribute(text, "name")).map(|id| clean(&id)).unwrap_or_default();
        if address.is_none() && id.is_empty() {
            return self.kept_links.push(None);
        }
        let begins = self.out.len();
        self.out.push_str("<a");
        if let Some(address) = address {
            self.attribute("href", &address);
        }
        self.id(&id);
        self.generic(text);
        self.out.push('>');
        self.kept_links.push(Some((begins..self.out.len(), !id.is_empty())));
    }

    /// Writes a picture; its alternative text alone when it cannot be shown.
    fn picture(&mut self, text: &str, with_caption: bool) {
        if is_pixel(text) {
            return;
        }
        let alt = attribute(text, "alt").unwrap_or_default();
        let allowed = |shown: &Shown| shown.src.starts_with("assets/") || policy::allows_picture(&shown.src);
        let mut sources = sources(text).into_iter();
        let mut picture = |src: String| Some((self.addresses.picture(&src).filter(allowed)?, src));
        let shown = sources.find_map(|(src, loading)| Some((picture(src)?, loading)));
        // A picture of which only the sizes are named.
        let named = self.source.take().filter(|_| shown.is_none()).map(|set| best_first(&set)).unwrap_or_default();
        let mut named = named.into_iter().take(MOST_SOURCES);
        let shown = shown.or_else(|| named.find_map(|src| Some((picture(src)?, Loading::AtOnce))));
        let Some(((shown, src), loading)) = shown else {
            let title = || attribute(text, "title").unwrap_or_default();
            push_escaped(&mut self.out, &if alt.trim().is_empty() { title() } else { alt });
            return;
        };
        let last = self.last_picture.take();
        let is_again = |(last, before, end): (String, Loading, usize)| {
            loading.repeats(before)
                && self.out.get(end..).is_some_and(|between| between.trim().is_empty())
                && (last == src || picture_name(&last) == picture_name(&src))
        };
        if last.is_some_and(is_again) {
            return;
        }
        self.out.push_str("<img");
        self.attribute("src", &shown.src);
        self.attribute("alt", &alt);
        let given = Given::read(text);
        if let Some(side) = side(text).filter(|_| self.in_figure == 0 && !given.is_in_line()) {
            self.attribute("class", side);
        }
        given.push(&mut self.out, shown.size, shown.is_drawing());
        if let Some(title) = attribute(text, "title").filter(|title| !with_caption && !title.is_empty()) {
            self.attribute("title", &title);
        }
        self.out.push('>');
        self.last_picture = Some((src, loading, self.out.len()));
    }

    /// A paragraph of one picture, or of a link that is one, becomes a figure; the title of a picture that is no link is its
    /// caption. Says whether it was one; a picture as small as letters is none.
    fn lone_picture(&mut self, scanner: &mut Scanner<'_>) -> bool {
        if !["<img", "<a "].iter().any(|tag| scanner.rest().trim_start().starts_with(tag)) {
            return false;
        }
        let mut ahead = scanner.clone();
        let first = next_solid(&mut ahead);
        let Some((link, attributes)) = first.and_then(|first| picture_alone(first, &mut ahead)) else { return false };
        if !matches!(next_solid(&mut ahead), Some(Piece::Close { name: "p" })) {
            return false;
        }
        self.figure(link, attributes, true);
        scanner.at = ahead.at;
        true
    }

    /// The same of one that stands between blocks, or alone in one that is no paragraph: `<div><a><img></a></div>`. Its title is
    /// often the name of its file there.
    fn figure_between_blocks(&mut self, name: &str, attributes: &str, scanner: &mut Scanner<'_>) -> bool {
        if self.in_figure > 0 || !is_between_blocks(&self.out) {
            return false;
        }
        let mut ahead = scanner.clone();
        let Some((link, attributes)) = picture_alone(Piece::Open { name, attributes }, &mut ahead) else {
            return false;
        };
        let is_alone = match next_solid(&mut ahead.clone()) {
            Some(Piece::Open { name, .. }) => is_block(name),
            Some(Piece::Close { name }) => is_holder(name),
            Some(_) => false,
            None => true,
        };
        if !is_alone {
            return false;
        }
        self.figure(link, attributes, false);
        scanner.at = ahead.at;
        true
    }

    /// Writes a picture that is a figure.
    fn figure(&mut self, link: Option<&str>, attributes: &str, with_caption: bool) {
        let with_caption = with_caption && link.is_none();
        let before = self.out.len();
        if let Some(link) = link {
            self.open_link(link);
        }
        self.in_figure += 1;
        self.picture(attributes, with_caption);
        self.in_figure -= 1;
        if link.is_some() {
            self.close("a");
        }
        let picture = self.out.split_off(before);
        if picture.contains("<img ") {
            self.out.push_str("<figure");
            if let Some(side) = side(attributes) {
                self.attribute("class", side);
            }
            self.out.extend([">", &picture]);
            let title = attribute(attributes, "title").filter(|title| with_caption && !title.trim().is_empty());
            if let Some(title) = title {
                self.out.push_str("<figcaption>");
                push_escaped(&mut self.out, &title);
                self.out.push_str("</figcaption>");
            }
            self.out.push_str("</figure>");
        } else if !picture.is_empty() {
            // What it shows is told in words.
            self.out.extend(["<p>", &picture, "</p>"]);
        }
    }

    /// A film, a sound or a frame becomes a link to it.
    fn media(&mut self, element: &str, text: &str, scanner: &mut Scanner<'_>) {
        let mut src = attribute(text, "src").map(std::borrow::Cow::into_owned);
        let label = attribute(text, "title").map(std::borrow::Cow::into_owned);
        if element != "embed" {
            let mut inside = scanner.clone();
            inside.skip_element(element);
            let end = inside.at;
            src = src.or_else(|| {
                scanner
                    .by_ref()
                    .take_while(|piece| !matches!(piece, Piece::Close { name } if *name == element))
                    .find_map(|piece| match piece {
                        Piece::Open { name: "source", attributes } => {
                            attribute(attributes, "src").map(std::borrow::Cow::into_owned)
                        }
                        _ => None,
                    })
            });
            scanner.at = end;
        }
        let address = src.and_then(|src| self.addresses.link(src.trim())).filter(|address| leads_to_a_file(address));
        if let Some(address) = address {
            self.link_to(&address, label.as_deref());
        }
    }

    /// What a plug-in would show becomes a link, unless an `embed` within says it again. What stands within for those who
    /// have none stays.
    fn object(&mut self, text: &str, scanner: &Scanner<'_>) {
        let within = scanner.clone().take(LOOK_AHEAD);
        let within = within.take_while(|piece| !matches!(piece, Piece::Close { name: "object" }));
        let mut data = attribute(text, "data").map(std::borrow::Cow::into_owned);
        for piece in within {
            match piece {
                Piece::Open { name: "embed", .. } => return,
                Piece::Open { name: policy::PARAMETER, attributes } if data.is_none() => data = shown_file(attributes),
                _ => {}
            }
        }
        let address = data.and_then(|data| self.addresses.link(data.trim()));
        if let Some(address) = address.filter(|address| leads_to_a_file(address)) {
            self.link_to(&address, attribute(text, "title").as_deref());
        }
    }

    fn link_to(&mut self, address: &str, label: Option<&str>) {
        self.out.push_str("<a");
        self.attribute("href", address);
        self.out.push('>');
        let own_name = is_linked_file(address).then(|| percent_decoded(address.rsplit('/').next().unwrap_or(address)));
        let name = own_name.as_deref().unwrap_or(address);
        push_escaped(&mut self.out, label.filter(|label| !label.trim().is_empty()).unwrap_or(name));
        self.out.push_str("</a>");
    }

    fn checkbox(&mut self, text: &str) {
        if is_box(text) {
            self.out.push_str(if attribute(text, "checked").is_some() { "\u{2611} " } else { "\u{2610} " });
        }
    }

    fn tag(&mut self, element: &str, text: &str) {
        self.out.push('<');
        self.out.push_str(element);
        if !text.is_empty() {
            if let Some(id) = attribute(text, "id").map(|id| clean(&id)) {
                self.id(&id);
            }
            self.generic(text);
            self.own(element, text);
            if element == "p" && is_centred(text) {
                self.attribute("style", "text-align: center");
            }
        }
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_escaped(&mut self.out, value);
        self.out.push('"');
    }

    fn id(&mut self, id: &str) {
        if !id.is_empty() {
            let id = format!("{}--{id}", self.context.prefix);
            self.attribute("id", &id);
        }
    }

    /// The attributes that any element may have.
    fn generic(&mut self, text: &str) {
        for (name, value) in attributes(text) {
            match name.to_ascii_lowercase().as_str() {
                "lang" if crate::model::Language::parse(&value).is_some() => self.attribute("lang", &value),
                "dir" if policy::is_direction(&value) => {
                    self.attribute("dir", &value.trim().to_ascii_lowercase());
                }
                "title" if !value.is_empty() => self.attribute("title", &value),
                "class" => {
                    let classes = policy::classes(&value);
                    if !classes.is_empty() {
                        self.attribute("class", &classes);
                    }
                }
                _ => {}
            }
        }
    }

    /// The attributes that belong to this element.
    fn own(&mut self, element: &str, text: &str) {
        for (name, value) in attributes(text) {
            let name = name.to_ascii_lowercase();
            let number = value.trim().parse::<i32>().ok().filter(|n| n.abs() <= 100_000);
            match (element, name.as_str()) {
                ("ol", "start") | ("li", "value") if number.is_some() => self.attribute(&name, value.trim()),
                ("td" | "th", "colspan" | "rowspan") | ("col" | "colgroup", "span")
                    if number.is_some_and(|n| (1..=1000).contains(&n)) =>
                {
                    self.attribute(&name, value.trim());
                }
                ("ol", "reversed") | ("details", "open") => self.attribute(&name, ""),
                ("ol", "type") if matches!(&*value, "1" | "a" | "A" | "i" | "I") => self.attribute("type", &value),
                ("th", "scope") if matches!(&*value, "row" | "col" | "rowgroup" | "colgroup") => {
                    self.attribute("scope", &value);
                }
                ("td" | "th", "align" | "style") => self.alignment(&value),
                ("time", "datetime") => self.attribute("datetime", &value),
                _ => {}
            }
        }
    }

    /// `text-align` of a table cell, the one style that carries meaning.
    fn alignment(&mut self, value: &str) {
        let styled = value.split(';').find_map(|part| part.trim().strip_prefix("text-align:"));
        let side = styled.unwrap_or(value).trim();
        if matches!(side, "left" | "center" | "right") {
            self.attribute("style", &format!("text-align: {side}"));
        }
    }
}

/// Whether an `input` is one that is checked or not.
fn is_box(attributes: &str) -> bool {
    attribute(attributes, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"))
}

/// Whether an item of a list that was opened begins with a box to be checked, which is its mark.
fn begins_with_box(scanner: &Scanner<'_>) -> bool {
    let mut solid = scanner.clone().filter(|piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty()));
    let first = match solid.next() {
        Some(Piece::Open { name, .. }) if name.eq_ignore_ascii_case("p") => solid.next(),
        first => first,
    };
    matches!(first, Some(Piece::Open { name, attributes }) if name.eq_ignore_ascii_case("input") && is_box(attributes))
}

/// Whether a style says that words are withdrawn: old editors have no element for it.
fn strikes_out(attributes: &str) -> bool {
    let style = attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase();
    let mut parts = style.split(';').filter_map(|part| part.split_once(':'));
    parts.any(|(name, value)| name.trim().starts_with("text-decoration") && value.contains("line-through"))
}

/// Whether an element that was opened holds words and nothing that is no part of a line.
fn holds_words(element: &str, scanner: &Scanner<'_>) -> bool {
    let is_part = |name: &str| matches!(name, "a" | "br" | "code" | "img" | "span") || OF_LINES.contains(&name);
    for piece in scanner.clone().take(LOOK_AHEAD) {
        match piece {
            Piece::Close { name } if name == element => return true,
            Piece::Open { name, .. } if !is_part(name) => return false,
            _ => {}
        }
    }
    false
}

/// The address of what an `object` shows, where this parameter is that.
fn shown_file(attributes: &str) -> Option<String> {
    let name = attribute(attributes, "name")?.trim().to_ascii_lowercase();
    let value = matches!(&*name, "movie" | "src" | "url" | "filename").then(|| attribute(attributes, "value"))?;
    value.map(std::borrow::Cow::into_owned).filter(|value| !value.trim().is_empty())
}

/// Whether what stands at this address can be shown or heard.
fn leads_to_a_file(address: &str) -> bool {
    policy::allows_picture(address) || is_linked_file(address)
}

/// The addresses of a picture, the best first. A script that loads pictures late keeps it in an attribute of its own, with
/// a dot of nothing in `src`; some name sizes only, of which the largest is the best.
fn sources(text: &str) -> Vec<(String, Loading)> {
    let named = |name: &str| Some(attribute(text, name)?.trim().to_owned()).filter(|src| !src.is_empty());
    let src = named("src");
    let addresses = best_first(&named("srcset").unwrap_or_default());
    let is_dot = |src: &String| src.starts_with("data:");
    let late = ["data-src", "data-lazy-src", "data-original"].into_iter().filter_map(named);
    let sets = ["data-srcset", "data-lazy-srcset"].into_iter().filter_map(named);
    let late = late.chain(sets.flat_map(|set| best_first(&set)));
    let loading =
        if attribute(text, policy::WITHOUT_SCRIPTS).is_some() { Loading::WithoutScripts } else { Loading::AtOnce };
    let at_once = src.clone().filter(|src| !is_dot(src)).into_iter().chain(addresses);
    let mut all: Vec<(String, Loading)> =
        late.map(|src| (src, Loading::Late)).chain(at_once.map(|src| (src, loading))).take(MOST_SOURCES).collect();
    if all.is_empty() {
        all.extend(src.map(|src| (src, loading)));
    }
    all
}

/// The addresses of a `srcset`, the largest first.
fn best_first(set: &str) -> Vec<String> {
    let size = |candidate: &str| candidate.split_whitespace().nth(1)?.trim_end_matches(['w', 'x']).parse::<f32>().ok();
    let mut candidates: Vec<&str> = set.split(", ").map(str::trim).collect();
    // Of equals the last.
    candidates.reverse();
    candidates.sort_by(|a, b| size(b).unwrap_or(1.0).total_cmp(&size(a).unwrap_or(1.0)));
    let addresses = candidates.iter().filter_map(|candidate| candidate.split_whitespace().next());
    addresses.map(|address| address.trim_end_matches(',').to_owned()).collect()
}
