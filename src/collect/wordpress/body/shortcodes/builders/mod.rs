//! What page builders (`WPBakery`, Divi, Fusion, Enfold and their kin) make a page of: layout, which goes, around texts, pictures,
//! headings, links and galleries, which stay.

mod pictures;
mod said;
pub(super) mod siteorigin;
mod values;

pub(super) use self::pictures::ids;
pub(super) use self::said::{Said, said, strong};
pub(super) use self::values::meant;
use super::Shown;
use super::arguments::Arguments;
use super::media;
use crate::collect::liquid::figure as markdown_figure;
use crate::model::escaped;

/// What each puts before the names of its shortcodes.
const PREFIXES: [&str; 10] = ["et_pb_", "vc_", "fusion_", "av_", "mk_", "cs_", "bt_bb_", "kc_", "fl_", "ux_"];

/// How one of them that names attachments may begin.
pub(super) const OPENINGS: [&str; 8] = ["[et_pb_", "[vc_", "[fusion_", "[av_", "[mk_", "[kc_", "[bt_bb_", "[ux_"];

/// Elements within a line of text.
const IN_LINE: [&str; 8] =
    ["highlight", "tooltip", "popover", "fontawesome", "icon", "font_icon", "modal_text_link", "label"];

/// Elements that leave room, or draw a line.
const SPACERS: [&str; 8] =
    ["separator", "divider", "empty_space", "spacer", "hr", "padding_divider", "icon", "fontawesome"];

/// Elements that hold markup in base64; `WPBakery` encodes it as in an address before.
const ENCODED: [&str; 4] = ["raw_html", "raw_js", "code", "syntax_highlighter"];

/// A word that is shorter may look like base64.
const SHORTEST: usize = 16;

/// What a page builder's shortcode is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Layout around other shortcodes or text.
    Layout,
    /// Its text stands in a line.
    InLine,
    /// An element of HTML around text, between the tags of that.
    Element(&'static str),
    /// This stands for it, with what is in it.
    Block(String),
    /// This stands for it, with shortcodes and text to be made paragraphs of.
    Markup(String),
    /// This stands above its text, which follows.
    Above(String),
    /// Nothing that readers miss.
    Room,
    /// Something that only its site can draw.
    Unknown,
}

/// The name of a page builder's shortcode without what all of them begin with; `None` for any other.
pub(super) fn bare(name: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))
}

/// What a shortcode of this name is; `contents` is what stands between its marks.
pub(super) fn part(name: &str, bare: &str, arguments: &Arguments, contents: &str, shown: &Shown<'_>) -> Part {
    let contents = contents.trim();
    if ENCODED.contains(&bare)
        && let Some(part) = encoded(bare, arguments, contents)
    {
        return part;
    }
    if let ("kc_raw_code", Some(code)) = (name, arguments.get(&["code"])) {
        return Part::Markup(code.to_owned());
    }
    if contents.is_empty() {
        return alone(bare, arguments, shown);
    }
    if name == "cs_content_seo" {
        // Its line ends are written as in a program's text.
        return Part::Markup(contents.replace("\\n", "\n"));
    }
    let is_picture = contents.starts_with("http") && markdown_figure::is_picture(contents);
    if (bare.contains("image") || is_picture)
        && !contents.contains('[')
        && let Some(block) = captioned(bare, arguments, contents, shown)
    {
        return Part::Block(block);
    }
    let has_blocks = ["[", "<h", "<p", "<div"].iter().any(|open| contents.contains(open));
    match (name, bare) {
        ("av_table", _) => Part::Element("table"),
        ("av_row", _) => Part::Element("tr"),
        ("av_cell", _) => Part::Element("td"),
        (_, "checklist") => Part::Element("ul"),
        (_, "li_item") => Part::Element("li"),
        _ if IN_LINE.contains(&bare) || bare.starts_with("dropcap") => Part::InLine,
        (_, "title" | "heading") if arguments.get(&["heading", "main_heading"]).is_some() => {
            heading(arguments).map_or(Part::Layout, Part::Above)
        }
        (_, "title" | "heading") if !has_blocks => Part::Element(tag(arguments)),
        _ => Part::Layout,
    }
}

/// A picture whose address or whose caption stands between its marks.
fn captioned(bare: &str, arguments: &Arguments, contents: &str, shown: &Shown<'_>) -> Option<String> {
    let is_address = contents.starts_with("http") && !contents.contains(char::is_whitespace);
    if is_address {
        // Fusion has the address there.
        return pictures::figures(bare, &arguments.without(&["image_id"]).with("src", contents), "", shown).or_else(
            || {
                let alt = arguments.get(&["alt"]).unwrap_or_default();
                Some(pictures::figure(contents, alt, "", None))
            },
        );
    }
    pictures::figures(bare, arguments, contents, shown)
}

/// One that has nothing between its marks.
fn alone(bare: &str, arguments: &Arguments, shown: &Shown<'_>) -> Part {
    let Said { above, between, below, rest } = said(bare, arguments);
    let title = rest.get(&["title", "heading"]).map(str::trim).filter(|title| !title.is_empty());
    if let Some(pictures) = pictures::figures(bare, &rest, "", shown) {
        let title = title.filter(|_| bare.contains("gallery") || bare.contains("carousel") || bare == "single_image");
        let title = title.map(said::strong).unwrap_or_default();
        return Part::Block([&*title, &pictures, &above, &between, below.trim_start()].concat());
    }
    if pictures::is_behind(bare) {
        return Part::Room;
    }
    if let Some(figure) = markdown_figure::markup(&rest.as_markdown(), true) {
        return Part::Block(figure);
    }
    if bare.contains("heading") || bare == "title" {
        return heading(&rest).map_or(Part::Unknown, Part::Block);
    }
    let address = rest.get(&["link", "button_url", "url"]).filter(|link| said::leads(link)).map(str::to_owned);
    let address = address.or_else(|| rest.address());
    if !(above.is_empty() && between.is_empty() && below.is_empty()) {
        let title = title.map(|title| address.map_or_else(|| said::strong(title), |to| media::link(&to, title)));
        let title = title.unwrap_or_default();
        // A figure stands in a line with what it counts.
        let line = match above.ends_with(' ') {
            true if title.is_empty() => format!("<p>{}</p>\n", above.trim_end()),
            true => ["<p>", &above, title.trim_start_matches("<p>")].concat(),
            false => above + &title,
        };
        return Part::Block([&*line, &between, below.trim_start()].concat());
    }
    if media::is_service(bare)
        && let Some(link) = media::show(bare, &rest, "", shown)
    {
        return Part::Block(link);
    }
    let words = rest.get(&["text", "title", "heading", "button_text", "content", "h2", "label"]);
    match (address, words.map(str::trim).filter(|words| !words.is_empty())) {
        (Some(address), words) => Part::Block(media::link(&address, words.unwrap_or(&address))),
        (None, Some(words)) if bare.contains("separator") => Part::Block(said::plain(words)),
        _ if SPACERS.contains(&bare) => Part::Room,
        _ => Part::Unknown,
    }
}

/// A heading whose words are an argument, which may lead somewhere.
fn heading(arguments: &Arguments) -> Option<String> {
    let words = arguments.get(&["heading", "main_heading", "text", "title", "content"]).map(str::trim)?;
    let tag = tag(arguments);
    let words = match arguments.get(&["link", "url"]).filter(|link| said::leads(link)) {
        Some(link) => format!("<a href=\"{}\">{}</a>", escaped(link), escaped(words)),
        None => escaped(words),
    };
    (!words.is_empty()).then(|| format!("<{tag}>{words}</{tag}>\n"))
}

/// The picture that stands with the text of one.
pub(super) fn picture_of(bare: &str, arguments: &Arguments, shown: &Shown<'_>) -> Option<String> {
    // What a gallery names stands in it as well; where a box leads says more of its text than of its picture.
    let is_gallery = bare.ends_with("gallery");
    let arguments = Some(arguments).filter(|_| !is_gallery)?;
    pictures::figures(bare, &arguments.without(&["link", "url", "caption"]), "", shown)
}

/// The level of a heading, as `tag:h3|…`, `h3` or 3.
fn tag(arguments: &Arguments) -> &'static str {
    let names = ["font_container", "title_level", "tag", "main_heading_tag", "size", "heading_size", "type"];
    let said = arguments.get(&names).unwrap_or_default();
    let said = said.split('|').find_map(|part| part.strip_prefix("tag:")).unwrap_or(said);
    match said.trim_start_matches('h') {
        "1" | "2" => "h2",
        "4" => "h4",
        "5" => "h5",
        "6" => "h6",
        _ => "h3",
    }
}

/// What is written in base64; `None` where it is written as it is.
fn encoded(bare: &str, arguments: &Arguments, contents: &str) -> Option<Part> {
    let text = values::text_of(contents)?;
    match bare {
        "syntax_highlighter" => Some(Part::Block(media::code(arguments, &text))),
        "raw_html" => Some(Part::Markup(text)),
        "raw_js" => Some(Part::Block(text)),
        _ => (text.contains('<') || contents.len() >= SHORTEST).then_some(Part::Markup(text)),
    }
}

#[cfg(test)]
mod tests;
