//! Films, sounds, notes and snippets that stand at somebody's: a link to them.

use super::arguments::{Argument, named, positional};
use super::figure::inline;
use crate::collect::sanitise::escaped;

/// The link that a shortcode for somebody's player, note or snippet stands for; or the link to the one address that any
/// shortcode names.
pub(in crate::collect) fn link(name: &str, arguments: &[Argument]) -> Option<String> {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let address = given(arguments).or_else(|| known(&name, arguments))?;
    let label = named(arguments, &["title", "label", "caption", "alt", "text"]).map(inline);
    let label = label.filter(|label| !label.is_empty()).unwrap_or_else(|| escaped(&address));
    Some(format!("<a href=\"{}\">{label}</a>", escaped(&address)))
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
        ("spotify", _) => format!("https://open.spotify.com/{id}"),
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
    use super::link;

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
            ("instagram", "BWNjjyYFxVx", "https://www.instagram.com/p/BWNjjyYFxVx/"),
            ("audio", "src=\"//a.example/b.mp3\"", "https://a.example/b.mp3"),
        ] {
            let markup = link(name, &arguments::read(arguments));
            assert_eq!(markup, Some(format!("<a href=\"{address}\">{address}</a>")), "{name} {arguments}");
        }
        let titled = link("youtube", &arguments::read("abc title=\"A *film*\""));
        assert_eq!(titled.as_deref(), Some("<a href=\"https://www.youtube.com/watch?v=abc\">A <em>film</em></a>"));
        let two = "\"a.md\" first=\"https://a.example/\" second=\"https://b.example/\"";
        assert_eq!(link("include", &arguments::read(two)), None);
        assert_eq!(link("plotly", &arguments::read("\"a.json\"")), None);
        assert_eq!(link("youtube", &arguments::read("\"a b\"")), None);
    }
}
