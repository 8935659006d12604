//! What page builders (`WPBakery`, Divi, Fusion, Enfold and their kin) make a page of: layout, which goes, around texts, pictures,
//! headings, links and galleries, which stay.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Shown;
use super::arguments::Arguments;
use super::figure;
use super::media;
use crate::collect::links::percent_decoded;
use crate::collect::liquid::figure as markdown_figure;
use crate::collect::sanitise::escaped;

/// What each puts before the names of its shortcodes.
const PREFIXES: [&str; 9] = ["et_pb_", "vc_", "fusion_", "av_", "mk_", "cs_", "bt_bb_", "kc_", "fl_"];

/// How one of them that names attachments may begin.
pub(super) const OPENINGS: [&str; 6] = ["[et_pb_", "[vc_", "[fusion_", "[av_", "[mk_", "[kc_"];

/// Elements within a line of text.
const IN_LINE: [&str; 9] =
    ["highlight", "dropcap", "tooltip", "popover", "fontawesome", "icon", "font_icon", "modal_text_link", "label"];

/// Elements that leave room, or draw a line.
const SPACERS: [&str; 9] =
    ["separator", "divider", "empty_space", "spacer", "hr", "padding_divider", "icon", "fontawesome", "raw_js"];

/// Elements that hold markup in base64; `WPBakery` encodes it as in an address before.
const ENCODED: [&str; 2] = ["raw_html", "code"];

/// What a page builder's shortcode is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Layout around other shortcodes or text.
    Layout,
    /// Its text stands in a line.
    InLine,
    /// A heading around text, between the tags of that.
    Heading(&'static str),
    /// This stands for it, with what is in it.
    Block(String),
    /// This stands for it, with shortcodes and text to be made paragraphs of.
    Markup(String),
    /// Nothing that readers miss.
    Room,
    /// Something that only its site can draw.
    Unknown,
}

/// The name of a page builder's shortcode without what all of them begin with; `None` for any other.
pub(super) fn bare(name: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))
}

/// What a shortcode of this bare name is; `contents` is what stands between its marks.
pub(super) fn part(bare: &str, arguments: &Arguments, contents: &str, shown: &Shown<'_>) -> Part {
    let contents = contents.trim();
    if ENCODED.contains(&bare) {
        return decoded(contents).map_or(Part::Layout, Part::Markup);
    }
    if contents.is_empty() {
        return alone(bare, arguments, shown);
    }
    // Fusion has the address of a picture between its marks.
    let is_address = contents.starts_with("http") && !contents.contains(|c: char| c.is_whitespace() || c == '[');
    if is_address && bare.contains("image") {
        return Part::Block(picture(contents, arguments.get(&["alt"]).unwrap_or_default()));
    }
    match bare {
        _ if IN_LINE.contains(&bare) => Part::InLine,
        "title" | "heading" if !contents.contains('[') => Part::Heading(tag(arguments)),
        _ => Part::Layout,
    }
}

/// One that has nothing between its marks.
fn alone(bare: &str, arguments: &Arguments, shown: &Shown<'_>) -> Part {
    let pictures: String = ids(arguments)
        .into_iter()
        .filter_map(|id| shown.attachments.get(id))
        .map(|found| picture(&found.url, &found.alt))
        .collect();
    if !pictures.is_empty() {
        return Part::Block(pictures);
    }
    if let Some(figure) = markdown_figure::markup(&arguments.as_markdown(), true) {
        return Part::Block(figure);
    }
    let words = arguments.get(&["text", "title", "heading", "button_text", "content", "h2", "label"]);
    let address = arguments.get(&["link", "button_url", "url"]).and_then(address).or_else(|| arguments.address());
    match (address, words.map(str::trim).filter(|words| !words.is_empty())) {
        (Some(address), words) => Part::Block(media::link(&address, words.unwrap_or(&address))),
        (None, Some(words)) if bare.contains("heading") || bare == "title" => {
            let tag = tag(arguments);
            Part::Block(format!("<{tag}>{}</{tag}>\n", escaped(words)))
        }
        (None, Some(words)) if bare.contains("separator") => Part::Block(format!("<p>{}</p>\n", escaped(words))),
        _ if SPACERS.contains(&bare) => Part::Room,
        _ if bare.ends_with("row") || bare.contains("column") || bare.contains("section") => Part::Room,
        _ => Part::Unknown,
    }
}

/// The numbers of the attachments that one names.
pub(super) fn ids(arguments: &Arguments) -> Vec<u64> {
    let named = arguments.get(&["images", "image_ids", "gallery_ids", "image_id", "attachment", "image"]);
    let list = named.unwrap_or_default();
    let is_list = list.split(['|', ',']).next().is_some_and(|id| id.trim().bytes().all(|b| b.is_ascii_digit()));
    if !is_list {
        return Vec::new();
    }
    // `77|full` says the size, too.
    list.split('|')
        .next()
        .unwrap_or_default()
        .split(',')
        .filter_map(|id| id.trim().parse().ok())
        .take(figure::MOST)
        .collect()
}

/// Where a link leads that `WPBakery` writes as `url:https%3A%2F%2Fa.example%2F|title:More`.
fn address(link: &str) -> Option<String> {
    let link =
        link.split('|').find_map(|part| part.strip_prefix("url:")).map_or_else(|| link.to_owned(), percent_decoded);
    (link.starts_with("http://") || link.starts_with("https://") || link.starts_with('/')).then_some(link)
}

/// The picture that stands with the text of one.
pub(super) fn picture_of(arguments: &Arguments) -> Option<String> {
    let address =
        arguments.get(&["image", "portrait_url", "src"]).filter(|address| markdown_figure::is_picture(address))?;
    Some(picture(address, arguments.get(&["alt", "image_alt"]).unwrap_or_default()))
}

/// What one says above its text, and who is named below it, where other shortcodes have other words for that.
pub(super) fn words_around(arguments: &Arguments) -> (String, String) {
    let said = |name: &str| arguments.get(&[name]).map(str::trim).filter(|words| !words.is_empty());
    let strong = |words: &str| format!("<p><strong>{}</strong></p>\n\n", escaped(words));
    let above = ["h2", "h4", "subhead"].into_iter().filter_map(said).map(strong).collect();
    let below = said("author").map(|name| format!("\n\n<p>\u{2014} {}</p>", escaped(name)));
    (above, below.unwrap_or_default())
}

fn picture(address: &str, alt: &str) -> String {
    format!("<figure><img src=\"{}\" alt=\"{}\"></figure>\n", escaped(address), escaped(alt))
}

/// The level of a heading, as `tag:h3|…`, `h3` or 3.
fn tag(arguments: &Arguments) -> &'static str {
    let said = arguments.get(&["font_container", "title_level", "tag", "size", "heading_size"]).unwrap_or_default();
    let said = said.split('|').find_map(|part| part.strip_prefix("tag:")).unwrap_or(said);
    match said.trim_start_matches('h') {
        "1" | "2" => "h2",
        "4" => "h4",
        "5" => "h5",
        "6" => "h6",
        _ => "h3",
    }
}

/// Markup that is written in base64.
fn decoded(contents: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(contents.replace(char::is_whitespace, "")).ok()?).ok()?;
    let is_encoded = text.starts_with("%3C") || text.starts_with("%3c");
    Some(if is_encoded { percent_decoded(&text) } else { text }).filter(|markup| markup.contains('<'))
}
