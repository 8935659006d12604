//! Media types by the ends of names, and how long answers may be kept.

use crate::model::media_type_of;

/// What a file is served as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// `Content-Type`.
    pub(super) media_type: &'static str,
    /// Whether compressing pays.
    pub(super) is_text: bool,
}

const HTML: Kind = Kind { media_type: "text/html; charset=utf-8", is_text: true };

/// The type of the file at `path` below public/. Feeds have the names that the program gives them.
pub(super) fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (media_type, is_text) = match name {
        "feed.xml" => ("application/rss+xml; charset=utf-8", true),
        "atom.xml" => ("application/atom+xml; charset=utf-8", true),
        "feed.json" => ("application/feed+json; charset=utf-8", true),
        _ => match name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase().as_str() {
            "html" | "htm" => return HTML,
            "css" => ("text/css; charset=utf-8", true),
            "js" | "mjs" => ("text/javascript; charset=utf-8", true),
            "txt" => ("text/plain; charset=utf-8", true),
            "xml" => ("application/xml; charset=utf-8", true),
            "opml" => ("text/x-opml; charset=utf-8", true),
            "json" => ("application/json", true),
            "webmanifest" => ("application/manifest+json", true),
            "svg" => ("image/svg+xml", true),
            "ics" => ("text/calendar; charset=utf-8", true),
            "csv" => ("text/csv; charset=utf-8", true),
            "tsv" => ("text/tab-separated-values; charset=utf-8", true),
            "vcf" => ("text/vcard; charset=utf-8", true),
            "vtt" => ("text/vtt; charset=utf-8", true),
            "eml" => ("message/rfc822", true),
            "jpg" | "jpeg" => ("image/jpeg", false),
            "png" => ("image/png", false),
            "gif" => ("image/gif", false),
            "webp" => ("image/webp", false),
            "avif" => ("image/avif", false),
            "ico" => ("image/vnd.microsoft.icon", false),
            "woff2" => ("font/woff2", false),
            "woff" => ("font/woff", false),
            "ttf" => ("font/ttf", false),
            "otf" => ("font/otf", false),
            // What posts enclose.
            _ => (media_type_of(name).unwrap_or("application/octet-stream"), false),
        },
    };
    Kind { media_type, is_text }
}

/// `Cache-Control` of the file at `path`. A name that is made from a hash never means other bytes; pages and feeds are
/// asked for again each time, which costs a 304.
pub(super) fn cache_control(path: &str) -> &'static str {
    let is_hash = |text: &str| {
        text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    // A file that posts link to has its own name in a folder that is called by the hash.
    let in_hash = || folder.strip_prefix("assets/").is_some_and(is_hash);
    if is_hash(name.split('.').next().unwrap_or(name)) || in_hash() {
        "public, max-age=31536000, immutable"
    } else if kind(path).is_text {
        "public, no-cache"
    } else {
        "public, max-age=3600"
    }
}

#[cfg(test)]
mod tests {
    use super::{cache_control, kind};

    #[test]
    fn feeds_have_their_types_and_hashed_names_stay() {
        assert_eq!(kind("fa/feed.xml").media_type, "application/rss+xml; charset=utf-8");
        assert_eq!(kind("atom.xml").media_type, "application/atom+xml; charset=utf-8");
        assert_eq!(kind("feed.json").media_type, "application/feed+json; charset=utf-8");
        assert_eq!(kind("sitemap.xml").media_type, "application/xml; charset=utf-8");
        assert_eq!(kind("a/IMAGE.JPG").media_type, "image/jpeg");
        assert_eq!(kind("x").media_type, "application/octet-stream");
        for (name, media_type) in [
            ("a.flac", "audio/flac"),
            ("a.wav", "audio/wav"),
            ("A.M4B", "audio/mp4"),
            ("a.mov", "video/quicktime"),
            ("a.mkv", "video/x-matroska"),
            ("a.odt", "application/vnd.oasis.opendocument.text"),
            ("a.opus", "audio/opus"),
            ("a.pdf", "application/pdf"),
            ("a.otf", "font/otf"),
        ] {
            assert_eq!(kind(name).media_type, media_type);
        }
        assert!(cache_control("assets/0123456789abcdef0123.jpg").contains("immutable"));
        assert!(!cache_control("assets/photograph-of-a-press.jpg").contains("immutable"));
        assert!(cache_control("assets/0123456789abcdef/minutes.pdf").contains("immutable"));
        assert!(!cache_control("posts/0123456789abcdef/minutes.pdf").contains("immutable"));
        assert_eq!(cache_control("index.html"), "public, no-cache");
    }
}
