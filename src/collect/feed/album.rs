//! What stands behind the text of an item: the pictures that come with it beside the one that leads it, and the pages that it
//! is about.

use super::adapter::on_the_web;
use super::wire::{Enclosure, Item};
use crate::collect::tags::{Piece, attribute, pieces};
use crate::model::escaped;
use crate::model::{is_named_as_picture, picture_name};

/// The pictures that come with an item beside the one that leads it, as markup: but for other forms of one picture, and for
/// those that the text, which is HTML, shows.
pub(super) fn more_pictures(item: &Item<'_>, text: &str) -> String {
    let is_another =
        |file: &&Enclosure<'_>| !file.is_rendition && is_picture(file) && file.address != item.picture.address;
    let files: Vec<&Enclosure<'_>> = item.enclosures.iter().filter(is_another).collect();
    let mut shown = vec![picture_name(&item.picture.address)];
    if !files.is_empty() {
        shown.extend(pictures_in(text));
    }
    let mut markup = String::new();
    for file in files {
        let (address, name) = (escaped(&file.address), picture_name(&file.address));
        let is_in_text = [&*file.address, &*address].iter().any(|address| text.contains(address));
        if is_in_text || shown.contains(&name) {
            continue;
        }
        shown.push(name);
        markup.extend(["<figure><img src=\"", &address, "\" alt=\"", &escaped(&file.title), "\">"]);
        let caption = file.credit.behind(&file.caption);
        if !caption.is_empty() {
            markup.extend(["<figcaption>", &escaped(&caption), "</figcaption>"]);
        }
        markup.push_str("</figure>");
    }
    markup
}

/// The names of the pictures that a text shows.
fn pictures_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    pieces(text, |piece| {
        if let Piece::Start(tag) = piece
            && &*tag.name == "img"
        {
            let late = ["src", "data-src", "data-lazy-src"].into_iter().filter_map(|name| attribute(tag, name));
            names.extend(late.map(|src| picture_name(&src)));
        }
    });
    names
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
    !file.address.is_empty() && (file.is_picture || is_named_as_picture(&file.address, &file.media_type))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::wire::Item;
    use super::chapters;

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
}
