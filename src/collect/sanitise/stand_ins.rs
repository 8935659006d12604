//! Elements of pages that load late (AMP, and the players that are called "lite"): in their place stands what HTML has for it,
//! before a parser reads it.

use std::borrow::Cow;

use super::tag::{Piece, Scanner, attribute, push_escaped};

/// Elements that say what they are by their names alone, and what HTML calls them.
const NAMES: [(&str, &str); 5] =
    [("amp-anim", "img"), ("amp-audio", "audio"), ("amp-iframe", "iframe"), ("amp-img", "img"), ("amp-video", "video")];

/// Players at somebody's: their names, the attribute that says what they play, and where that stands.
const PLAYERS: [(&str, &str, &str); 7] = [
    ("amp-instagram", "data-shortcode", "https://www.instagram.com/p/"),
    ("amp-twitter", "data-tweetid", "https://x.com/i/web/status/"),
    ("amp-vimeo", "data-videoid", "https://vimeo.com/"),
    ("amp-youtube", "data-videoid", "https://www.youtube.com/watch?v="),
    ("lite-vimeo", "videoid", "https://vimeo.com/"),
    ("lite-youtube", "videoid", "https://www.youtube.com/watch?v="),
    ("youtube-video", "videoid", "https://www.youtube.com/watch?v="),
];

/// Writes the elements of HTML in the place of these.
pub(super) fn replaced(html: &str) -> Cow<'_, str> {
    let is_there = |start: &str| memchr::memmem::find(html.as_bytes(), start.as_bytes()).is_some();
    if !["<amp-", "<lite-", "<youtube-", "<AMP-"].into_iter().any(is_there) {
        return Cow::Borrowed(html);
    }
    let (mut out, mut kept) = (String::with_capacity(html.len()), 0);
    let mut scanner = Scanner::of_foreign(html);
    loop {
        let start = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let before = out.len();
        out.push_str(&html[kept..start]);
        if stand_in(piece, &html[start..scanner.at], &mut out) {
            kept = scanner.at;
        } else {
            out.truncate(before);
        }
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// Writes what stands for this tag, with which the text ends. Says whether there is anything else than itself.
fn stand_in(piece: Piece<'_>, text: &str, out: &mut String) -> bool {
    // To the scanner a name ends before its hyphen.
    let (name, attributes) = match piece {
        Piece::Open { name, attributes } if attributes.starts_with('-') => {
            let end = attributes.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(attributes.len());
            ([name, &attributes[..end]].concat(), Some(&attributes[end..]))
        }
        Piece::Close { .. } => (text.rsplit("</").next().unwrap_or_default().trim_end_matches('>').to_owned(), None),
        _ => return false,
    };
    let lower = name.trim_end().to_ascii_lowercase();
    if let Some((_, ours)) = NAMES.iter().find(|(theirs, _)| *theirs == lower) {
        match attributes {
            Some(attributes) => out.extend(["<", *ours, " ", attributes.trim(), ">"]),
            None if *ours != "img" => out.extend(["</", *ours, ">"]),
            None => {}
        }
        return true;
    }
    let Some((_, says, place)) = PLAYERS.iter().find(|(theirs, ..)| *theirs == lower) else { return false };
    let Some(attributes) = attributes else { return true };
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let id = attribute(attributes, says).filter(|id| is_id(id));
    if let Some(id) = id {
        out.extend(["<iframe src=\"", *place, &*id, "\" title=\""]);
        let words = attribute(attributes, "title").or_else(|| attribute(attributes, "playlabel")).unwrap_or_default();
        push_escaped(out, &words);
        out.push_str("\"></iframe>");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn what_loads_late_is_what_it_shows() {
        let film = "<iframe src=\"https://www.youtube.com/watch?v=a-b_c\" title=\"A\"></iframe>";
        for (html, expected) in [
            ("<p><amp-img src=a.png alt=A></amp-img>b", "<p><img src=a.png alt=A>b"),
            ("<amp-youtube data-videoid=\"a-b_c\" title=A layout=x></amp-youtube>", film),
            ("<lite-youtube videoid='a-b_c' playlabel='A'></lite-youtube>", film),
            ("<lite-youtube videoid='a\"b'>c</lite-youtube>", "c"),
            ("<amp-video src=\"a.mp4\" /></amp-video>", "<video src=\"a.mp4\"></video>"),
            ("<amp-ad>x</amp-ad>", "<amp-ad>x</amp-ad>"),
        ] {
            assert_eq!(replaced(html), expected);
        }
    }
}
