//! Pictures and links that tags and shortcodes stand for.

use super::arguments::Argument;
use crate::collect::plain;
use crate::collect::sanitise::escaped;

const PICTURE_ENDINGS: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp"];

fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address).to_lowercase();
    PICTURE_ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// The markup of a figure, when the arguments name a picture. A figure without a caption is only its picture when it
/// stands inside a line.
pub(super) fn markup(arguments: &[Argument], block: bool) -> Option<String> {
    let named = |names: &[&str]| {
        arguments.iter().find(|a| a.name.as_deref().is_some_and(|n| names.contains(&n))).map(|a| a.value.as_str())
    };
    let positional: Vec<&str> = arguments.iter().filter(|a| a.name.is_none()).map(|a| a.value.as_str()).collect();
    let src = named(&["src", "image", "url", "path", "file", "image_path", "link", "img"])
        .filter(|src| is_picture(src))
        .or_else(|| positional.iter().copied().find(|value| is_picture(value)))?;
    let after = positional.iter().skip_while(|value| **value != src).nth(1).copied();
    let alt = named(&["alt", "description", "image_alt"]).or(after).unwrap_or_default();
    let caption =
        named(&["caption", "title", "figcaption"]).map(plain::from_markdown).filter(|caption| !caption.is_empty());
    let alt = plain::from_markdown(alt);
    let image = format!("<img src=\"{}\" alt=\"{}\">", escaped(src), escaped(&alt));
    Some(match caption {
        Some(caption) if block => format!("<figure>{image}<figcaption>{}</figcaption></figure>\n", escaped(&caption)),
        _ if block => format!("<figure>{image}</figure>\n"),
        _ => image,
    })
}

/// The link that a shortcode for somebody's player or snippet stands for.
pub(super) fn player(name: &str, arguments: &[Argument]) -> Option<String> {
    let id =
        arguments.iter().find(|a| a.name.is_none() || a.name.as_deref() == Some("id")).map(|a| a.value.as_str())?;
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_/".contains(c)) {
        return None;
    }
    let address = match name.to_ascii_lowercase().as_str() {
        "youtube" => format!("https://www.youtube.com/watch?v={id}"),
        "vimeo" => format!("https://vimeo.com/{id}"),
        "gist" => format!("https://gist.github.com/{id}"),
        _ => return None,
    };
    Some(format!("<{address}>"))
}
