//! Files that come with a post: sounds, films, documents.

use serde::{Deserialize, Serialize};

use super::Asset;

/// A file that comes with a post: an episode, a recording, a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// An absolute URL, or `assets/<name>` for a file of our own.
    pub address: String,
    /// `assets/<name>` where a copy of what is at `address` is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// As in "audio/mpeg": as it was said, else by how the address ends; empty when neither tells.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// In bytes, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// In seconds, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// What it is called, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What kind of file an enclosure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// To be heard.
    Audio,
    /// To be watched.
    Video,
    /// To be read.
    Document,
    /// Anything else, or unknown.
    Other,
}

/// Media types of files, with the endings of their names; the first ending is the usual one. What a browser would run
/// as a page of ours (HTML, SVG, XML, scripts) is not among them.
const TYPES: [(&str, &[&str]); 40] = [
    ("audio/mpeg", &["mp3"]),
    ("audio/mp4", &["m4a", "m4b"]),
    ("audio/aac", &["aac"]),
    ("audio/ogg", &["ogg", "oga"]),
    ("audio/opus", &["opus"]),
    ("audio/flac", &["flac"]),
    ("audio/wav", &["wav"]),
    ("audio/webm", &["weba"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/webm", &["webm"]),
    ("video/ogg", &["ogv"]),
    ("video/quicktime", &["mov"]),
    ("video/x-matroska", &["mkv"]),
    ("application/pdf", &["pdf"]),
    ("application/epub+zip", &["epub"]),
    ("application/zip", &["zip"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
    ("application/msword", &["doc"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.ms-powerpoint", &["ppt"]),
    ("application/rtf", &["rtf"]),
    ("application/gzip", &["gz", "tgz"]),
    ("application/x-tar", &["tar"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/x-bibtex", &["bib"]),
    ("application/x-subrip", &["srt"]),
    ("text/plain", &["txt"]),
    ("text/csv", &["csv"]),
    ("text/tab-separated-values", &["tsv"]),
    ("text/calendar", &["ics"]),
    ("text/vcard", &["vcf"]),
    ("text/vtt", &["vtt"]),
    ("audio/midi", &["mid", "midi"]),
    // Pictures that no output shows, but a reader may open.
    ("image/avif", &["avif"]),
    ("image/heic", &["heic", "heif"]),
];

/// How the names of pictures end, whether or not they can be shown.
const PICTURES: [&str; 12] = ["jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "svg", "avif", "heic", "heif", "bmp"];

/// Media types that say of a file no more than that it is one.
const VAGUE: [&str; 3] = ["", "application/octet-stream", "binary/octet-stream"];

/// Kinds of application/ that may hold anything.
const UNKNOWN_WITHIN: [&str; 5] = ["octet-stream", "zip", "gzip", "x-tar", "x-7z-compressed"];

/// Other names of the same types.
const ALIASES: [(&str, &str); 12] = [
    ("audio/mp3", "audio/mpeg"),
    ("audio/x-mp3", "audio/mpeg"),
    ("audio/x-mpeg", "audio/mpeg"),
    ("audio/mpeg3", "audio/mpeg"),
    ("audio/x-m4a", "audio/mp4"),
    ("audio/m4a", "audio/mp4"),
    ("audio/x-m4b", "audio/mp4"),
    ("audio/x-wav", "audio/wav"),
    ("audio/x-flac", "audio/flac"),
    ("application/ogg", "audio/ogg"),
    ("video/x-m4v", "video/mp4"),
    ("application/x-pdf", "application/pdf"),
];

impl Enclosure {
    /// What kind of file it is.
    #[must_use]
    pub fn medium(&self) -> Medium {
        let (kind, rest) = self.media_type.split_once('/').unwrap_or((&self.media_type, ""));
        match kind {
            "audio" => Medium::Audio,
            "video" => Medium::Video,
            "text" => Medium::Document,
            "application" if rest == "ogg" => Medium::Audio,
            "application" if !UNKNOWN_WITHIN.contains(&rest) => Medium::Document,
            _ => Medium::Other,
        }
    }

    /// Takes note of a copy that is kept: what that is, is known better than what was said of it.
    pub fn keep(&mut self, copy: &Asset) {
        self.kept = Some(format!("assets/{}", copy.name));
        self.media_type.clone_from(&copy.media_type);
        self.length = Some(copy.length);
    }

    /// Whether it is a picture, which the post shows instead.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}

/// The media type of a file by how its name or address ends, if that is known.
#[must_use]
pub fn media_type_of(address: &str) -> Option<&'static str> {
    let ending = ending(address)?;
    let ends_so = |endings: &&[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    TYPES.iter().find(|(_, endings)| ends_so(endings)).map(|(media_type, _)| *media_type)
}

fn ending(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// Whether a file is a picture by how its name or address ends, where `said`, its media type, does not tell what it is.
#[must_use]
pub fn is_named_as_picture(address: &str, said: &str) -> bool {
    let is_one = |ending: &str| PICTURES.iter().any(|known| known.eq_ignore_ascii_case(ending));
    VAGUE.contains(&said.trim().to_ascii_lowercase().as_str()) && ending(address).is_some_and(is_one)
}

/// How the name of a file of this media type ends, if it is one that may be kept and served from our own address.
#[must_use]
pub fn ending_of(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or(media_type).trim().to_ascii_lowercase();
    let essence = ALIASES.iter().find(|(alias, _)| *alias == essence).map_or(essence.as_str(), |(_, usual)| usual);
    TYPES.iter().find(|(known, _)| *known == essence).and_then(|(_, endings)| endings.first().copied())
}

/// A media type as it was written, in its usual form: lower case, without parameters. Empty when it is none.
#[must_use]
pub fn media_type(written: &str) -> String {
    let essence = written.split(';').next().unwrap_or(written).trim().to_ascii_lowercase();
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    if essence.split_once('/').is_some_and(|(kind, rest)| token(kind) && token(rest)) { essence } else { String::new() }
}

/// A length of time as podcasts write it: seconds, or hours, minutes and seconds between colons. Rounded to seconds;
/// `None` when it is none, or no time at all.
#[must_use]
pub fn duration(written: &str) -> Option<u32> {
    let parts: Vec<&str> = written.trim().split(':').collect();
    let (last, leading) = parts.split_last()?;
    if leading.len() > 2 {
        return None;
    }
    let mut seconds: u32 = 0;
    for part in leading {
        seconds = seconds.checked_add(whole(part)?)?.checked_mul(60)?;
    }
    let (whole_part, fraction) = last.split_once('.').unwrap_or((last, "0"));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let rounded = u32::from(fraction.bytes().next().is_some_and(|byte| byte >= b'5'));
    seconds.checked_add(whole(whole_part)?)?.checked_add(rounded).filter(|seconds| *seconds > 0)
}

fn whole(digits: &str) -> Option<u32> {
    digits.trim().bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.trim().parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Enclosure, Medium, duration, ending_of, is_named_as_picture, media_type, media_type_of};

    #[test]
    fn durations_are_read_as_podcasts_write_them() {
        for (written, seconds) in
            [("3723", 3723), ("1:02:03", 3723), (" 62:03 ", 3723), ("01:02:03.6", 3724), ("0:07", 7), ("59.4", 59)]
        {
            assert_eq!(duration(written), Some(seconds), "{written}");
        }
        for none in ["", "0", "00:00:00", "1:2:3:4", "one hour", "-5", "1:-2", "99999999999", "1h"] {
            assert_eq!(duration(none), None, "{none}");
        }
    }

    #[test]
    fn media_types_are_known_by_names_and_endings() {
        assert_eq!(media_type_of("https://a.example/Talk.MP3?x=1.pdf"), Some("audio/mpeg"));
        assert_eq!([media_type_of("https://a.example/"), media_type_of("/a.html"), media_type_of("a")], [None; 3]);
        assert_eq!([ending_of("Audio/MP3; x"), ending_of("application/pdf")], [Some("mp3"), Some("pdf")]);
        assert!(
            is_named_as_picture("https://a.example/1.JPG?x", "") && is_named_as_picture("1.png", "binary/octet-stream")
        );
        assert!(!is_named_as_picture("1.png", "audio/mpeg") && !is_named_as_picture("1.mp3", ""));
        for dangerous in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "", "x"] {
            assert_eq!(ending_of(dangerous), None, "{dangerous}");
        }
        assert_eq!(media_type("Audio/X-M4A; codecs=\"x\""), "audio/x-m4a");
        assert_eq!([media_type("mp3"), media_type("a/b c"), media_type("/")], ["", "", ""]);
    }

    #[test]
    fn a_file_is_heard_watched_or_read() {
        let medium = |written: &str| Enclosure { media_type: written.to_owned(), ..Enclosure::default() }.medium();
        assert_eq!([medium("audio/mpeg"), medium("application/ogg")], [Medium::Audio; 2]);
        assert_eq!(medium("video/mp4"), Medium::Video);
        assert_eq!([medium("application/pdf"), medium("text/csv")], [Medium::Document; 2]);
        assert_eq!([medium(""), medium("application/octet-stream"), medium("application/zip")], [Medium::Other; 3]);
    }
}
