//! The shortcodes that are known, and what is shown for each.

use super::Shown;
use super::arguments::Arguments;
use super::figure::{self, file_name};
use crate::collect::plain;
use crate::model::escaped;

/// Services whose shortcode names a thing of theirs: the name, what stands before the thing's id, and after it.
const SERVICES: [(&str, &str, &str); 22] = [
    ("youtube", "https://www.youtube.com/watch?v=", ""),
    ("vimeo", "https://vimeo.com/", ""),
    ("dailymotion", "https://www.dailymotion.com/video/", ""),
    ("wpvideo", "https://videopress.com/v/", ""),
    ("videopress", "https://videopress.com/v/", ""),
    ("ted", "https://www.ted.com/talks/", ""),
    ("vine", "https://vine.co/v/", ""),
    ("googlevideo", "https://video.google.com/videoplay?docid=", ""),
    ("soundcloud", "https://soundcloud.com/", ""),
    ("spotify", "https://open.spotify.com/", ""),
    ("bandcamp", "https://bandcamp.com/", ""),
    ("mixcloud", "https://www.mixcloud.com/", ""),
    ("tweet", "https://twitter.com/i/status/", ""),
    ("instagram", "https://www.instagram.com/p/", "/"),
    ("facebook", "https://www.facebook.com/", ""),
    ("flickr", "https://www.flickr.com/photos/", ""),
    ("slideshare", "https://www.slideshare.net/slideshow/embed_code/", ""),
    ("scribd", "https://www.scribd.com/document/", ""),
    ("gist", "https://gist.github.com/", ""),
    ("googlemaps", "https://maps.google.com/?q=", ""),
    ("polldaddy", "https://poll.fm/", ""),
    ("crowdsignal", "https://poll.fm/", ""),
];

/// Shortcodes with a meaning of their own.
const OWN: [&str; 11] =
    ["caption", "wp_caption", "gallery", "playlist", "audio", "video", "embed", "code", "sourcecode", "iframe", "flv"];

/// Shortcodes without arguments that leave room, or show the post's own headings or its episode, which every output shows anyhow.
pub(super) const SILENT: [&str; 5] = ["powerpress", "spacer", "clearfix", "toc", "ez-toc"];

/// Others that draw something of their site, and are mostly written without any argument.
pub(super) const BARE: [&str; 7] =
    ["archives", "divider", "sitemap", "contact-form", "contact-form-7", "instagram-feed", "wpv-post-body"];

/// Whether a shortcode of this name is carried out.
pub(super) fn is_known(name: &str) -> bool {
    OWN.contains(&name) || is_service(name)
}

/// Whether a shortcode of this name names a thing of some service.
pub(super) fn is_service(name: &str) -> bool {
    SERVICES.iter().any(|(known, ..)| *known == name)
}

/// What stands for a shortcode, as a block; `None` where it shows nothing.
pub(super) fn show(name: &str, arguments: &Arguments, contents: &str, shown: &Shown<'_>) -> Option<String> {
    match name {
        "caption" | "wp_caption" => figure::caption(arguments, contents),
        "gallery" => figure::gallery(arguments, shown),
        "playlist" => figure::playlist(arguments, shown),
        "audio" | "video" | "flv" => file(name, arguments, contents, shown),
        "code" | "sourcecode" => Some(code(arguments, contents)),
        "embed" | "iframe" => {
            let address = address_in(contents).or_else(|| arguments.address());
            address.map(|address| link(&address, &address))
        }
        _ => service(name, arguments, contents),
    }
}

/// A link as a paragraph of its own.
pub(super) fn link(address: &str, label: &str) -> String {
    format!("<p><a href=\"{}\">{}</a></p>\n", escaped(address), escaped(label))
}

/// The address that the contents of a shortcode are.
fn address_in(contents: &str) -> Option<String> {
    let text = plain::from_html(contents);
    let first = text.split_whitespace().next()?;
    (first.starts_with("http://") || first.starts_with("https://")).then(|| first.to_owned())
}

/// A sound or a film: a link to it.
fn file(name: &str, arguments: &Arguments, contents: &str, shown: &Shown<'_>) -> Option<String> {
    let named = arguments.get(&[
        "src", "mp3", "mp4", "m4a", "m4v", "ogg", "oga", "ogv", "webm", "wav", "wma", "wmv", "flac", "mov", "flv",
        "url",
    ]);
    // Addresses may begin at the root of the site: they are made absolute with the other links.
    let named = named.filter(|address| address.contains('/') || address.contains('.')).map(str::to_owned);
    let address = named.or_else(|| arguments.address()).or_else(|| address_in(contents));
    // `[audio:https://a.example/1.mp3,https://a.example/2.mp3]`.
    if let Some(list) = address.as_deref().filter(|list| list.contains(",http")) {
        let files = list.split(',').filter(|file| file.starts_with("http"));
        return Some(files.map(|file| link(file, &file_name(file))).collect());
    }
    let (address, label) = match address {
        Some(address) => {
            let label = file_name(&address);
            (address, label)
        }
        None => figure::own_file(name, shown)?,
    };
    Some(link(&address, if label.is_empty() { &address } else { &label }))
}

/// Code as the highlighters mark it; their editor has escaped `&` already.
pub(super) fn code(arguments: &Arguments, contents: &str) -> String {
    let language = arguments.get(&["language", "lang"]).unwrap_or_default();
    let fits = !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric() || "-+#".contains(c));
    let class = if fits { format!(" class=\"language-{language}\"") } else { String::new() };
    let text = contents.trim_matches('\n').replace('<', "&lt;").replace('>', "&gt;");
    format!("<pre><code{class}>{text}</code></pre>\n")
}

/// A thing of a service, by its address or its id.
fn service(name: &str, arguments: &Arguments, contents: &str) -> Option<String> {
    let (_, before, after) = SERVICES.iter().find(|(known, ..)| *known == name)?;
    if let Some(address) = arguments.address().or_else(|| address_in(contents)) {
        return Some(link(&address, &address));
    }
    let named = arguments.get(&["id", "v", "video", "poll", "track", "survey", "tweet"]);
    let text = plain::from_html(contents);
    let id = named.or_else(|| arguments.first()).or(Some(text.as_str()).filter(|text| !text.is_empty()))?;
    let id = match name {
        "spotify" => id.trim_start_matches("spotify:").replace(':', "/"),
        // `[slideshare id=5342235&doc=…]`, `[youtube v&w=640]`.
        _ => id.split(['&', '|']).next().unwrap_or(id).to_owned(),
    };
    let fits = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    fits.then(|| link(&format!("{before}{id}{after}"), &format!("{before}{id}{after}")))
}
