//! Pictures that tags and shortcodes stand for.

use super::arguments::{Argument, named, positional};
use crate::collect::{body, plain, sized};
use crate::model::escaped;

const PICTURE_ENDINGS: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp"];

/// Whether an address is that of a picture by how it ends.
pub(in crate::collect) fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address).to_lowercase();
    PICTURE_ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// The markup of a figure, when the arguments name a picture. Inside a line it is its picture, and the caption the words
/// behind it.
pub(in crate::collect) fn markup(arguments: &[Argument], block: bool) -> Option<String> {
    let src = named(arguments, &["src", "image", "url", "path", "file", "image_path", "img"])
        .or_else(|| named(arguments, &["link"]))
        .filter(|src| is_picture(src))
        .or_else(|| positional(arguments).find(|value| is_picture(value)))?;
    let alt = named(arguments, &["alt", "description", "image_alt"]).or_else(|| alt_behind(arguments, src));
    let alt = alt.unwrap_or_default();
    let size = size(arguments, src);
    let mut image = format!("<img src=\"{}\" alt=\"{}\"{size}>", escaped(src), escaped(&plain::from_markdown(alt)));
    let link = named(arguments, &["link", "href"]).filter(|link| *link != src && link.contains(['/', '.', '#']));
    if let Some(link) = link {
        image = format!("<a href=\"{}\">{image}</a>", escaped(link));
    }
    if !block {
        let is_captioned = ["caption", "figcaption", "title"]
            .iter()
            .filter_map(|name| named(arguments, &[name]))
            .any(|words| !words.trim().is_empty() && words.trim() != alt.trim());
        let caption = if is_captioned { format!(" <em>{}</em>", caption(arguments)) } else { String::new() };
        return Some(image + &caption);
    }
    let caption = caption(arguments);
    let caption = if caption.is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
    Some(format!("<figure>{image}{caption}</figure>\n"))
}

/// The size by its names, else as Octopress has it: two numbers behind the picture, of which the second may be left out.
fn size(arguments: &[Argument], src: &str) -> String {
    let named = |names: &[&str]| named(arguments, names).map(str::trim).filter(|value| sized::is_length(value));
    let (width, height) = (named(&["width", "w"]), named(&["height", "h"]));
    if width.is_some() || height.is_some() {
        return sized::of_picture(
            [("width", width), ("height", height)].into_iter().filter_map(|(name, value)| Some((name, value?))),
        );
    }
    let is_number = |value: &&str| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let behind = positional(arguments).skip_while(|value| *value != src).skip(1).take_while(is_number);
    sized::of_picture(["width", "height"].into_iter().zip(behind))
}

/// What stands behind the picture without a name. Octopress has width and height there, then a title, then this; Docsy has
/// what is to be done with the picture, and its size.
fn alt_behind<'a>(arguments: &'a [Argument], src: &str) -> Option<&'a str> {
    let behind: Vec<&str> = positional(arguments).skip_while(|value| *value != src).skip(1).collect();
    let is_size = |value: &str| {
        let size = value.split(' ').next().unwrap_or_default();
        size.contains('x') && size.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x')
    };
    let is_work = |word: &str| ["crop", "fill", "fit", "resize"].iter().any(|known| known.eq_ignore_ascii_case(word));
    if let [work, size, ..] = behind[..]
        && is_work(work)
        && is_size(size)
    {
        return behind.get(2).copied();
    }
    let sizes =
        behind.iter().take_while(|value| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())).count();
    let words = &behind[sizes..];
    words.get(usize::from(sizes > 0 && words.len() > 1)).copied()
}

/// The caption with its title before it and its source after it, as Hugo's figures have them.
fn caption(arguments: &[Argument]) -> String {
    let written = |names: &[&str]| named(arguments, names).map(inline).filter(|text| !text.is_empty());
    let mut parts = match (written(&["title"]), written(&["caption", "figcaption"])) {
        (Some(title), Some(caption)) if title != caption => vec![format!("<strong>{title}</strong>"), caption],
        (Some(text), _) | (None, Some(text)) => vec![text],
        (None, None) => Vec::new(),
    };
    parts.extend(written(&["attr", "attribution"]).map(|source| match named(arguments, &["attrlink"]) {
        Some(link) => format!("<a href=\"{}\">{source}</a>", escaped(link)),
        None => source,
    }));
    parts.join(" ")
}

/// One line of Markdown as the HTML inside of a paragraph.
pub(in crate::collect) fn inline(text: &str) -> String {
    let text = plain::one_line(text);
    let html = body::to_html(&text, false).html;
    match html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => escaped(&plain::from_markdown(&text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::arguments;
    use super::markup;

    #[test]
    fn figures_have_captions_links_and_sources() {
        let shown = |text: &str, block| markup(&arguments::read(text), block).unwrap_or_default();
        assert_eq!(
            shown(
                "src=\"/a.jpg\" alt=\"A\" link=\"/b/\" title=\"T\" caption=\"By [us](/c)\" attr=\"D\" attrlink=\"/e\"",
                true
            ),
            "<figure><a href=\"/b/\"><img src=\"/a.jpg\" alt=\"A\"></a><figcaption><strong>T</strong> By <a href=\"/c\">us</a> \
             <a href=\"/e\">D</a></figcaption></figure>\n"
        );
        assert_eq!(shown("a.png Fill \"600x300 q50\"", false), "<img src=\"a.png\" alt=\"\">");
        assert_eq!(shown("src=a.png title=\"A T\"", false), "<img src=\"a.png\" alt=\"\"> <em>A T</em>");
        assert_eq!(shown("\"./a.png\", \"An A\", \"100vw\"", false), "<img src=\"./a.png\" alt=\"An A\">");
        assert_eq!(shown("caption=\"no picture\"", true), "");
        let inside = "<img src=\"/a.png\" alt=\"A\"> <em>By <a href=\"/c\">us</a></em>";
        assert_eq!(shown("src=\"/a.png\" alt=\"A\" caption=\"By [us](/c)\"", false), inside);
        assert_eq!(shown("src=\"/a.png\" alt=\"A\" caption=\"A\"", false), "<img src=\"/a.png\" alt=\"A\">");
        for (octopress, size) in [
            ("left /a.png 300 200 'T' 'A'", " width=\"300\" height=\"200\""),
            ("/a.png 300 'A'", " width=\"300\""),
            ("/a.png 'A'", ""),
        ] {
            assert_eq!(shown(octopress, false), format!("<img src=\"/a.png\" alt=\"A\"{size}>"), "{octopress}");
        }
        assert_eq!(
            shown("src=a.png width=50% height=2em", false),
            "<img src=\"a.png\" alt=\"\" width=\"50%\" style=\"height: 2em\">"
        );
        assert_eq!(shown("src=a.png width=auto", false), "<img src=\"a.png\" alt=\"\">");
    }
}
