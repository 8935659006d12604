//! What stands behind the text of an item: the pictures that come with it beside the one that leads it, and the pages that it
//! is about.

use super::adapter::on_the_web;
use super::wire::{Enclosure, Item};
use crate::collect::sanitise::escaped;
use crate::model::media_type_of;

/// What addresses say of the size and the quality in which a picture is wanted, and how that was signed.
const LOOKS: [&str; 20] = [
    "w", "h", "width", "height", "size", "resize", "fit", "crop", "q", "quality", "dpr", "auto", "format", "fm", "s",
    "ssl", "zoom", "strip", "scale", "sig",
];

/// The pictures that come with an item beside the one that leads it, as markup: but for other forms of one picture, and for
/// those that the text, which is HTML, shows.
pub(super) fn more_pictures(item: &Item<'_>, text: &str) -> String {
    let mut shown = vec![without_looks(&item.picture.address)];
    let mut markup = String::new();
    for file in item.enclosures.iter().filter(|file| !file.is_rendition && is_picture(file)) {
        let (address, bare) = (escaped(&file.address), without_looks(&file.address));
        let is_in_text = [&*file.address, &*address, &*bare].iter().any(|address| text.contains(address));
        if is_in_text || shown.contains(&bare) {
            continue;
        }
        shown.push(bare);
        markup.extend(["<figure><img src=\"", &address, "\" alt=\"", &escaped(&file.title), "\">"]);
        let caption = file.credit.behind(&file.caption);
        if !caption.is_empty() {
            markup.extend(["<figcaption>", &escaped(&caption), "</figcaption>"]);
        }
        markup.push_str("</figure>");
    }
    markup
}

/// Links to the pages that an item is about, as markup: but for those to which it, or its text, leads anyhow.
pub(super) fn pages_about(item: &Item<'_>, text: &str) -> String {
    let mut markup = String::new();
    let mut shown: Vec<&str> = vec![&item.link];
    for (address, title) in &item.about {
        let escaped_address = escaped(address);
        let is_in_text = text.contains(&**address) || text.contains(&*escaped_address);
        if on_the_web(address).is_none() || is_in_text || shown.contains(&&**address) {
            continue;
        }
        shown.push(address);
        let words = if title.is_empty() { escaped_address.clone() } else { escaped(title) };
        markup.extend(["<p><a href=\"", &escaped_address, "\">", &words, "</a></p>"]);
    }
    markup
}

/// Those who take part in an episode and are no author of it, as markup, each with the part that they have: but for those whom the
/// text names.
pub(super) fn people(item: &Item<'_>, authors: &[String], text: &str) -> String {
    let is_new = |name: &str| !authors.iter().any(|author| author == name) && !text.contains(&*escaped(name));
    let people = item.episode.people.iter().filter(|(name, _)| is_new(name));
    let named: Vec<String> = people
        .map(|(name, role)| if role.is_empty() { escaped(name) } else { escaped(&format!("{name} ({role})")) })
        .collect();
    if named.is_empty() { String::new() } else { format!("<p>{}</p>", named.join(", ")) }
}

/// The chapters of an episode, as markup, unless the text names them all.
pub(super) fn chapters(item: &Item<'_>, text: &str) -> String {
    let marks = &item.episode.marks;
    if marks.iter().all(|(_, title, _)| text.contains(&**title) || text.contains(&*escaped(title))) {
        return String::new();
    }
    let written = marks.iter().map(|(start, title, address)| {
        // Nobody reads parts of a second.
        let start = escaped(start.split('.').next().unwrap_or(start));
        let title = match on_the_web(address) {
            Some(address) => format!("<a href=\"{}\">{}</a>", escaped(&address), escaped(title)),
            None => escaped(title),
        };
        format!("<li>{start} {title}</li>")
    });
    format!("<ul>{}</ul>", written.collect::<String>())
}

fn is_picture(file: &Enclosure<'_>) -> bool {
    let by_ending =
        || file.media_type.is_empty() && media_type_of(&file.address).is_some_and(|kind| kind.starts_with("image/"));
    !file.address.is_empty() && (file.is_picture || by_ending())
}

/// An address without what it says of looks: `a.jpg?width=140`, `a.jpg?width=460` and `a-300x200.jpg` are one picture.
fn without_looks(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_look = |pair: &&str| LOOKS.contains(&pair.split('=').next().unwrap_or_default());
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_look(pair)).collect();
    let path = without_size(path).unwrap_or_else(|| path.to_owned());
    if rest.is_empty() { path } else { format!("{path}?{}", rest.join("&")) }
}

/// `a.jpg` for `a-300x200.jpg`.
fn without_size(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (stem, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(width) && is_number(height) && !ending.contains('/')).then(|| format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::wire::Item;
    use super::{chapters, without_looks};

    #[test]
    fn chapters_stand_behind_a_text_that_does_not_name_them() {
        let mut item = Item::default();
        assert_eq!(chapters(&item, "Words"), "");
        let mark = |start: &'static str, title: &'static str, address: &'static str| {
            (start.into(), title.into(), address.into())
        };
        item.episode.marks =
            vec![mark("00:00:00.000", "Opening", ""), mark("0:12:30.5", "A & b", "https://b.example/")];
        let listed = "<ul><li>00:00:00 Opening</li><li>0:12:30 <a href=\"https://b.example/\">A &amp; b</a></li></ul>";
        assert_eq!(chapters(&item, "<p>Opening</p>"), listed);
        assert_eq!(chapters(&item, "<li>Opening</li><li>A &amp; b</li>"), "");
    }

    #[test]
    fn chapters_that_stand_in_the_feed_are_listed() {
        let (collected, _) = read(
            r#"<rss version="2.0" xmlns:psc="http://podlove.org/simple-chapters"><channel><title>P</title><link>https://p.example/</link><item><title>One</title>
            <description>Words</description><psc:chapters version="1.2"><psc:chapter start="00:00:00.000" title="Opening"/>
            <psc:chapter start="00:12:30" title="Ink" href="/ink"/></psc:chapters></item></channel></rss>"#,
        );
        let body = collected.posts[0].body.as_str();
        assert_eq!(
            body,
            "<p>Words</p>\n<ul><li>00:00:00 Opening</li><li>00:12:30 <a href=\"https://p.example/ink\">Ink</a></li></ul>"
        );
    }

    #[test]
    fn sizes_of_a_picture_are_one_picture() {
        for address in
            ["https://p.example/a.jpg", "https://p.example/a-300x200.jpg", "https://p.example/a.jpg?width=9&s=1f"]
        {
            assert_eq!(without_looks(address), "https://p.example/a.jpg");
        }
        for address in ["https://p.example/show?id=1", "https://p.example/a-b.jpg", "https://p.example/1x2-a.jpg"] {
            assert_eq!(without_looks(address), address);
        }
    }
}
