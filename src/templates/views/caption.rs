//! What a post says of its picture, where the text shows that picture itself and does not say it.

use std::borrow::Cow;

use super::PictureView;
use super::excerpt::plain_text;
use crate::model::escaped;

/// The body with the caption of `picture` below where the body shows it; unchanged where it does not, or says the words anyway.
pub(super) fn captioned<'a>(body: Cow<'a, str>, picture: &PictureView) -> Cow<'a, str> {
    let Some(caption) = picture.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty()) else {
        return body;
    };
    let folded = plain_text(&escaped(caption), usize::MAX - 1);
    if plain_text(&body, usize::MAX - 1).contains(&folded) {
        return body;
    }
    let shown = body.find(&format!("src=\"{}\"", escaped(&picture.src)));
    let Some((start, end)) = shown.and_then(|at| tag_around(&body, at)) else { return body };
    let caption = escaped(caption);
    if let Some((at, has_caption)) = end_of_figure(&body, (start, end)) {
        let words =
            if has_caption { more(&body[..at], &caption) } else { format!("<figcaption>{caption}</figcaption>") };
        return Cow::Owned(inserted(&body, at, &words));
    }
    let (before, image, after) = (&body[..start], &body[start..end], &body[end..]);
    match (before.strip_suffix("<p>"), after.strip_prefix("</p>")) {
        (Some(before), Some(after)) => {
            Cow::Owned(format!("{before}<figure>{image}<figcaption>{caption}</figcaption></figure>{after}"))
        }
        // Within a line, the words go after the paragraph.
        _ => match after.find("</p>").filter(|close| !after[..*close].contains("<p")) {
            Some(close) => {
                Cow::Owned(inserted(&body, end + close + "</p>".len(), &format!("<p><small>{caption}</small></p>")))
            }
            None => Cow::Owned(inserted(&body, end, &format!(" <small>{caption}</small>"))),
        },
    }
}

/// What of a caption goes behind the words that end `html`: the rest of it where they begin it, else all of it.
fn more(html: &str, caption: &str) -> String {
    let said = html.rfind("<figcaption").and_then(|at| html[at..].split_once('>')).map_or("", |(_, said)| said.trim());
    match caption.strip_prefix(said).filter(|_| !said.is_empty()) {
        Some(rest) => rest.to_owned(),
        None => format!("<br>{caption}"),
    }
}

/// Where the tag begins and ends that holds a place; in quotes it may hold what ends one elsewhere.
fn tag_around(html: &str, at: usize) -> Option<(usize, usize)> {
    let start = html.get(..at)?.rfind('<')?;
    let mut quoted = false;
    let length = html.get(start..)?.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })?;
    Some((start, start + length + 1))
}

/// Where the words below a picture in a `<figure>` go, and whether some are there already.
fn end_of_figure(html: &str, (start, end): (usize, usize)) -> Option<(usize, bool)> {
    let opened = html.get(..start)?.rfind("<figure")?;
    if html.get(opened..start)?.contains("</figure>") {
        return None;
    }
    let inside = html.get(end..)?;
    let close = inside.find("</figure>")?;
    let caption = inside.get(..close)?.rfind("</figcaption>");
    Some((end + caption.unwrap_or(close), caption.is_some()))
}

fn inserted(html: &str, at: usize, words: &str) -> String {
    let (before, after) = html.split_at(at);
    format!("{before}{words}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_caption(body: &str) -> String {
        let caption = Some("Lead & tin".to_owned());
        let picture = PictureView {
            src: "../assets/a.png?b&c".to_owned(),
            width: None,
            height: None,
            alt: String::new(),
            caption,
        };
        captioned(Cow::Borrowed(body), &picture).into_owned()
    }

    #[test]
    fn the_caption_stands_below_the_picture_in_the_text() {
        let image = "<img alt=\"a > b\" src=\"../assets/a.png?b&amp;c\">";
        let caption = "<figcaption>Lead &amp; tin</figcaption>";
        let figure = format!("<figure>{image}{caption}</figure>");
        assert_eq!(with_caption(&format!("<p>a</p><p>{image}</p><p>b</p>")), format!("<p>a</p>{figure}<p>b</p>"));
        assert_eq!(with_caption(&format!("<figure>{image}</figure>")), figure);
        assert_eq!(
            with_caption(&format!("<figure><a href=\"#\">{image}</a><figcaption>The stick.</figcaption></figure>")),
            format!("<figure><a href=\"#\">{image}</a><figcaption>The stick.<br>Lead &amp; tin</figcaption></figure>")
        );
        assert_eq!(
            with_caption(&format!("<figure>{image}<figcaption>Lead</figcaption></figure>")),
            format!("<figure>{image}<figcaption>Lead &amp; tin</figcaption></figure>"),
            "its beginning is not said twice"
        );
        assert_eq!(
            with_caption(&format!("<p>a {image} b</p><p>c</p>")),
            format!("<p>a {image} b</p><p><small>Lead &amp; tin</small></p><p>c</p>")
        );
        assert_eq!(
            with_caption(&format!("<div>{image}</div>")),
            format!("<div>{image} <small>Lead &amp; tin</small></div>")
        );
        for unchanged in [format!("<p>{image}</p><p>Lead\n&amp; <b>tin</b></p>"), "<p><img src=\"x\"></p>".to_owned()] {
            assert_eq!(with_caption(&unchanged), unchanged);
        }
    }
}
