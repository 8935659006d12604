//! Films, sounds, notes and snippets that stand at somebody's: a link to them.

use super::arguments::{Argument, named, positional};
use super::figure::inline;
use crate::model::escaped;
use crate::model::media_type_of;

/// The link that a shortcode for somebody's player, note or snippet stands for; or the link to the one address that any
/// shortcode names.
pub(in crate::collect) fn link(name: &str, arguments: &[Argument]) -> Option<String> {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let address = given(arguments).or_else(|| own_file(&name, arguments)).or_else(|| known(&name, arguments))?;
    Some(written(&address, arguments))
}

/// A link with the words that the arguments have for it.
fn written(address: &str, arguments: &[Argument]) -> String {
    let label = named(arguments, &["title", "label", "caption", "alt", "text"]).map(inline);
    let label = label.filter(|label| !label.is_empty()).unwrap_or_else(|| escaped(address));
    format!("<a href=\"{}\">{label}</a>", escaped(address))
}

/// The link that an include stands for whose file is not there: by the name of the file, as in `youtube.html`,
/// `embed/vimeo-player.html` and `video`, and by what it is handed, where that says plainly what is meant.
pub(super) fn link_of_include(file: &str, arguments: &[Argument]) -> Option<String> {
    let stem = file.rsplit('/').next().unwrap_or(file).split('.').next()?;
    let name = stem.to_ascii_lowercase().replace(['-', '_'], "");
    let name = name.strip_prefix("embed").unwrap_or(&name);
    let bare = ["player", "embed", "video"].into_iter().find_map(|end| name.strip_suffix(end));
    let name = match bare.filter(|bare| !bare.is_empty()).unwrap_or(name) {
        "video" => named(arguments, &["provider", "type", "service"]).unwrap_or("video"),
        name => name,
    };
    // A word without quotes may be the name of something that is not known here.
    let is_plain = |argument: &Argument| {
        let value = &argument.value;
        argument.quoted || value.contains('/') || value.bytes().all(|b| b.is_ascii_digit()) || is_youtube_id(value)
    };
    let plain: Vec<Argument> = arguments.iter().filter(|argument| is_plain(argument)).cloned().collect();
    let address = own_file(name, &plain).or_else(|| known(name, &plain))?;
    Some(written(&address, arguments))
}

/// Whether this is how films of `YouTube` are numbered: eleven letters, digits, hyphens and low lines.
fn is_youtube_id(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The sound or film of one's own that a shortcode of that name is handed.
fn own_file(name: &str, arguments: &[Argument]) -> Option<String> {
    if !matches!(name, "video" | "audio") {
        return None;
    }
    let given = named(arguments, &["src", "url", "file", "path", "mp4", "mp3", "webm"]);
    let given = given.or_else(|| positional(arguments).next())?;
    let is_played = media_type_of(given).is_some_and(|kind| kind.starts_with("video/") || kind.starts_with("audio/"));
    is_played.then(|| given.to_owned())
}

/// The address of what stands at a site that people have shortcodes for.
fn known(name: &str, arguments: &[Argument]) -> Option<String> {
    let id = named(arguments, &["id", "videoid", "slug", "code"]).or_else(|| positional(arguments).next())?;
    let is_id = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c));
    let user = named(arguments, &["user", "username"]);
    if !is_id(id) || user.is_some_and(|user| !is_id(user)) {
        return None;
    }
    Some(match (name, user) {
        ("youtube" | "youtubelite" | "youtubeembed" | "yt", _) => format!("https://www.youtube.com/watch?v={id}"),
        ("vimeo" | "vimeosimple", _) => format!("https://vimeo.com/{id}"),
        ("gist", Some(user)) => format!("https://gist.github.com/{user}/{id}"),
        ("gist", None) => match positional(arguments).nth(1).filter(|second| is_hexadecimal(second)) {
            // Hugo's `gist user id "file"`; Jekyll's is `gist user/id file`.
            Some(second) if !id.contains('/') => format!("https://gist.github.com/{id}/{second}"),
            _ => format!("https://gist.github.com/{id}"),
        },
        ("tweet" | "tweetsimple" | "twitter" | "twittersimple" | "x" | "xsimple", Some(user)) => {
            format!("https://x.com/{user}/status/{id}")
        }
        ("tweet" | "tweetsimple" | "twitter" | "twittersimple" | "x" | "xsimple", None) => {
            format!("https://x.com/i/web/status/{id}")
        }
        ("instagram" | "instagramsimple", _) => format!("https://www.instagram.com/p/{id}/"),
        ("asciinema" | "asciicast", _) => format!("https://asciinema.org/a/{id}"),
        ("codepen", Some(user)) => format!("https://codepen.io/{user}/pen/{id}"),
        ("jsfiddle", _) => format!("https://jsfiddle.net/{id}/"),
        ("spotify", _) => match named(arguments, &["type", "kind"]).filter(|kind| is_id(kind) && !id.contains('/')) {
            Some(kind) => format!("https://open.spotify.com/{kind}/{id}"),
            None => format!("https://open.spotify.com/{id}"),
        },
        _ => return None,
    })
}

fn is_hexadecimal(text: &str) -> bool {
    text.len() > 4 && text.chars().all(|c| c.is_ascii_hexdigit())
}

/// The web address that the arguments name, when they name one and no more.
fn given(arguments: &[Argument]) -> Option<String> {
    let is_address = |text: &&str| {
        ["https://", "http://", "//"].iter().any(|start| text.starts_with(start)) && !text.contains(char::is_whitespace)
    };
    let mut all = arguments.iter().map(|argument| argument.value.as_str()).filter(is_address);
    let first = all.next()?;
    let address = named(arguments, &["src", "url", "href", "link"]).filter(is_address);
    let address = address.or_else(|| all.all(|other| other == first).then_some(first))?;
    Some(match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::arguments;
    use super::{link, link_of_include};

    #[test]
    fn players_are_links() {
        for (name, arguments, address) in [
            ("youtube", "w7Ft2ymGmfc", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
            ("youtube", "id=\"a-b_c\" autoplay=\"true\"", "https://www.youtube.com/watch?v=a-b_c"),
            ("youtube", "\"https://youtu.be/x\"", "https://youtu.be/x"),
            ("vimeo", "146022717", "https://vimeo.com/146022717"),
            ("gist", "editors 50a7482715eac222 \"a.py\"", "https://gist.github.com/editors/50a7482715eac222"),
            ("gist", "editors/50a748 a.py", "https://gist.github.com/editors/50a748"),
            ("tweet", "user=\"editors\" id=\"453110110599868418\"", "https://x.com/editors/status/453110110599868418"),
            ("x-simple", "453110110599868418", "https://x.com/i/web/status/453110110599868418"),
            ("spotify", "type=\"track\" id=\"abc\"", "https://open.spotify.com/track/abc"),
            ("spotify", "album/abc", "https://open.spotify.com/album/abc"),
            ("instagram", "BWNjjyYFxVx", "https://www.instagram.com/p/BWNjjyYFxVx/"),
            ("audio", "src=\"//a.example/b.mp3\"", "https://a.example/b.mp3"),
        ] {
            let markup = link(name, &arguments::read(arguments));
            assert_eq!(markup, Some(format!("<a href=\"{address}\">{address}</a>")), "{name} {arguments}");
        }
        for (file, arguments, address) in [
            ("youtube.html", "id=\"w7Ft2ymGmfc\"", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
            ("embed/youtube-player.html", "id=w7Ft2ymGmfc", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
            ("youtubePlayer.html", "id='w7Ft2ymGmfc'", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
            ("video", "id=\"146022717\" provider=\"vimeo\"", "https://vimeo.com/146022717"),
            ("vimeo.html", "id=146022717", "https://vimeo.com/146022717"),
            ("video.html", "src=\"/films/a.mp4\"", "/films/a.mp4"),
        ] {
            let markup = link_of_include(file, &arguments::read(arguments));
            assert_eq!(markup, Some(format!("<a href=\"{address}\">{address}</a>")), "{file} {arguments}");
        }
        for (file, arguments) in [("youtube.html", "id=page.film"), ("youtube.html", "id=film"), ("video", "id='x'")] {
            assert_eq!(link_of_include(file, &arguments::read(arguments)), None, "{file} {arguments}");
        }
        let titled = link("youtube", &arguments::read("abc title=\"A *film*\""));
        assert_eq!(titled.as_deref(), Some("<a href=\"https://www.youtube.com/watch?v=abc\">A <em>film</em></a>"));
        let two = "\"a.md\" first=\"https://a.example/\" second=\"https://b.example/\"";
        assert_eq!(link("include", &arguments::read(two)), None);
        assert_eq!(link("plotly", &arguments::read("\"a.json\"")), None);
        assert_eq!(link("youtube", &arguments::read("\"a b\"")), None);
    }
}
