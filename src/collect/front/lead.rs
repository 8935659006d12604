//! What leads a post in the themes of other programs: the line below its title, and its picture. Each theme has a key of its
//! own for them, spelt with capitals, hyphens or neither; that is not looked at.

use std::path::Path;

use super::NamedPicture;
use super::value::{Entry, Node, Value};
use crate::collect::plain;
use crate::error::{Place, Warning};

/// Keys of a summary, the first one that is there before the others.
const SUMMARIES: [&str; 4] = ["summary", "description", "excerpt", "abstract"];

/// Keys of the line that themes set below a title.
const SUBTITLES: [&str; 8] =
    ["subtitle", "subheading", "tagline", "standfirst", "strapline", "lede", "dek", "teasertext"];

/// Keys of the picture that leads a post.
const PICTURES: [&str; 15] = [
    "image",
    "featuredimage",
    "featureimage",
    "cover",
    "heroimage",
    "thumbnail",
    "images",
    "coverimage",
    "coverimg",
    "headerimage",
    "bannerimage",
    "bannerimg",
    "leadimage",
    "mainimage",
    "postimage",
];

/// Keys that may hold the same, or a flag or words: only what is written as the name of a picture is one.
const PERHAPS_PICTURES: [&str; 12] = [
    "hero",
    "banner",
    "background",
    "photos",
    "gallery",
    "indeximg",
    "topimg",
    "thumbnailimage",
    "thumbnailimg",
    "teaserimage",
    "teaser",
    "preview",
];

/// Minimal Mistakes' table of what stands above a post, and its keys: the teaser is what its lists of posts show.
const HEADER: &str = "header";
const IN_HEADER: [&str; 3] = ["image", "overlayimage", "teaser"];

/// How the names of pictures end.
const ENDINGS: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".jfif"];

/// Whether a key, however it is spelt, says what leads a post.
pub(super) fn is_key(key: &str) -> bool {
    let mut keys = SUMMARIES.iter().chain(&SUBTITLES).chain(&PICTURES).chain(&PERHAPS_PICTURES);
    keys.any(|known| is_spelt(key, known))
}

/// Whether `key` is `name`, which is in lower case, with whatever capitals, hyphens and underscores.
fn is_spelt(key: &str, name: &str) -> bool {
    let mut letters = key.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase());
    letters.by_ref().eq(name.bytes())
}

/// The last value under a key that is spelt like `name`, at the top or in `extra`.
fn find<'a>(entries: &'a [Entry], extra: Option<&'a Node>, name: &str) -> Option<&'a Entry> {
    let inner = match extra.map(|node| &node.value) {
        Some(Value::Map(inner)) => inner.as_slice(),
        _ => &[],
    };
    let filled = |entry: &&Entry| is_spelt(&entry.key, name) && entry.node.value != Value::Null;
    [entries, inner].into_iter().find_map(|entries| entries.iter().rev().find(filled))
}

/// The summary; where there is none, the line below the title. One that a summary stands in the way of is told.
pub(super) fn standfirst(
    entries: &[Entry],
    extra: Option<&Node>,
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let of = |names: &[&str]| {
        names.iter().find_map(|name| {
            let entry = find(entries, extra, name)?;
            let text = entry.node.text().filter(|_| entry.node.truth().is_none()).map(plain::from_markdown)?;
            (!text.is_empty()).then_some((entry, text))
        })
    };
    let subtitle = of(&SUBTITLES);
    let Some((said, summary)) = of(&SUMMARIES) else { return subtitle.map(|(_, text)| text) };
    if let Some((entry, _)) = subtitle.filter(|(_, text)| !summary.contains(text.as_str())) {
        let message = format!("`{}` is not shown: `{}` stands below the title", entry.key, said.key);
        warnings.push(Warning::new(message).at(Place::at(file, entry.node.line, entry.node.column)));
    }
    Some(summary)
}

/// The picture that leads the post.
pub(super) fn picture(entries: &[Entry], extra: Option<&Node>, file: &Path) -> Option<NamedPicture> {
    let header = find(entries, extra, HEADER).map(|entry| &entry.node);
    let (entry, src) = PICTURES
        .iter()
        .find_map(|name| {
            let entry = find(entries, extra, name)?;
            Some((entry, address(&entry.node).filter(|_| entry.node.truth().is_none())?))
        })
        .or_else(|| {
            let inside = match &header?.value {
                Value::Map(inside) => inside.as_slice(),
                _ => return None,
            };
            perhaps(inside, None, &IN_HEADER)
        })
        .or_else(|| perhaps(entries, extra, &PERHAPS_PICTURES))?;
    let node = &entry.node;
    let inside = |name: &str| node.get(name)?.text();
    let beside = |names: &[&str]| names.iter().find_map(|name| find(entries, extra, name)?.node.text());
    let own = |what: &str| {
        let key: String =
            entry.key.chars().filter(|c| !matches!(c, '-' | '_')).collect::<String>().to_ascii_lowercase();
        let short = key.trim_end_matches("image").trim_end_matches("img");
        [key.as_str(), short].iter().find_map(|key| beside(&[&format!("{key}{what}")]))
    };
    let of_header = |name: &str| header.and_then(|header| header.get(name)?.text());
    let alt = inside("alt").or_else(|| own("alt")).or_else(|| beside(&["imagealt"]));
    let alt = alt.or_else(|| of_header("image_description")).unwrap_or_default();
    let caption = inside("caption").or_else(|| own("caption")).or_else(|| beside(&["imagecaption", "imagefigcaption"]));
    let caption = caption.or_else(|| of_header("caption"));
    Some(NamedPicture {
        src,
        alt: plain::from_markdown(alt),
        caption: caption.map(plain::from_markdown),
        place: Place::at(file, node.line, node.column),
    })
}

/// Of the values of these keys the first one that is written as the name of a picture.
fn perhaps<'a>(entries: &'a [Entry], extra: Option<&'a Node>, names: &[&str]) -> Option<(&'a Entry, String)> {
    names.iter().find_map(|name| {
        let entry = find(entries, extra, name)?;
        Some((entry, address(&entry.node).filter(|text| is_name_of_picture(text))?))
    })
}

/// A path or an address: the text itself, of a list the first one, of a table what it says.
fn address(node: &Node) -> Option<String> {
    let inside = |node: &Node| {
        let said = ["src", "image", "url", "path", "file"].iter().find_map(|key| node.get(key)?.text());
        said.or_else(|| node.text()).map(str::to_owned)
    };
    match &node.value {
        Value::List(items) => inside(items.first()?),
        _ => inside(node),
    }
}

fn is_name_of_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Front, parse};

    fn read(yaml: &str) -> (Front, Vec<String>) {
        let mut warnings = Vec::new();
        let parsed = parse(&format!("---\ntitle: A\n{yaml}\n---\nx\n"), &[], false, Path::new("a.md"), &mut warnings);
        (parsed.front, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_subtitle_stands_where_there_is_no_summary() {
        for yaml in ["subtitle: On *ink*", "Sub-title: On ink", "tagline: On ink", "extra:\n  subtitle: On ink"] {
            let (front, warnings) = read(yaml);
            assert_eq!((front.summary.as_deref(), warnings), (Some("On ink"), Vec::new()), "{yaml}");
        }
        let (front, warnings) = read("subtitle: On ink\ndescription: About type");
        assert_eq!(front.summary.as_deref(), Some("About type"));
        assert_eq!(warnings, ["a.md:3:11: `subtitle` is not shown: `description` stands below the title"]);
        let (front, warnings) = read("subtitle: On ink\nsummary: On ink, and more");
        assert_eq!((front.summary.as_deref(), warnings.len()), (Some("On ink, and more"), 0));
        assert_eq!(read("subtitle: true").0.summary, None);
    }

    #[test]
    fn pictures_of_other_themes_lead() {
        for (yaml, src, alt, caption) in [
            ("header:\n  teaser: a.png\n  image_description: B", "a.png", "B", None),
            ("header:\n  teaser: b.png\n  overlay_image: a.png\n  caption: C", "a.png", "", Some("C")),
            ("heroImage: a.png\nheroImageAlt: B", "a.png", "B", None),
            ("coverImage: a.png\ncoverCaption: C", "a.png", "", Some("C")),
            ("banner: /a.png\nthumbnail-img: b.png", "/a.png", "", None),
            ("thumbnail-img: a.png\nbanner: true", "a.png", "", None),
            ("photos:\n  - a.png\n  - b.png", "a.png", "", None),
            ("image: {url: a.png, alt: B}\nteaser: b.png", "a.png", "B", None),
            ("images:\n  - src: a.png", "a.png", "", None),
            ("teaser: 'https://a.example/a.PNG?w=1'", "https://a.example/a.PNG?w=1", "", None),
        ] {
            let (front, warnings) = read(yaml);
            let picture = front.picture.unwrap_or_else(|| panic!("{yaml}"));
            let said = (picture.src.as_str(), picture.alt.as_str(), picture.caption.as_deref());
            assert_eq!((said, warnings), ((src, alt, caption), Vec::new()), "{yaml}");
        }
        for yaml in ["hero: true", "teaser: Some words of it", "header: A line", "preview: off", "image: false"] {
            assert_eq!(read(yaml).0.picture, None, "{yaml}");
        }
    }
}
