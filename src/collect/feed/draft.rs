//! An item that is being filled.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::lead::Said;
use super::vocabulary::{Field, SIDE};
use super::wire::{Item, Kind, Text};
use crate::collect::commas::between_commas;
use crate::collect::plain;
use crate::collect::sanitise::is_pixel;
use crate::collect::sanitise::tag::{self, Piece, Scanner};
use crate::collect::visitors::without_visitors;

/// An item has no more authors and files.
pub(super) const MOST: usize = 100;

/// A feed has no more items: a hundred years of three posts a day. What is beyond them is told, and costs no memory.
pub(super) const MOST_ITEMS: usize = 100_000;

/// Of two summaries one that has so few bytes more says no more.
const FEW: usize = 40;

/// The ranks of the values that are there: a value gives way to one of a higher rank.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    pub(super) id: u8,
    pub(super) link: u8,
    pub(super) title: u8,
    pub(super) summary: u8,
    pub(super) content: u8,
    pub(super) authors: u8,
    pub(super) published: u8,
    pub(super) updated: u8,
    pub(super) picture: u8,
    pub(super) language: u8,
    pub(super) location: u8,
}

/// An item that is being filled.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) item: Item<'a>,
    pub(super) ranks: Ranks,
    /// What is said of the picture that leads the item.
    pub(super) lead: Said,
    /// The longest of the summaries that gave way to another one.
    pub(super) fuller: Text<'a>,
    /// How many elements are open, its own included.
    pub(super) depth: usize,
}

impl<'a> Draft<'a> {
    /// Takes a summary. The longest of those that give way to one of a higher rank is kept: it may be the text.
    pub(super) fn summary(&mut self, rank: u8, text: Text<'a>) {
        let there = self.ranks.summary;
        let lesser = match rank.cmp(&there) {
            Ordering::Greater => std::mem::replace(&mut self.item.summary, text),
            Ordering::Less => text,
            Ordering::Equal => return,
        };
        self.ranks.summary = rank.max(there);
        if rank.min(there) >= SIDE && lesser.value.len() > self.fuller.value.len() {
            self.fuller = lesser;
        }
    }

    /// The item, which has a longer summary as its text, where it has no text and that summary says far more than the one that
    /// counts: podcasts have a line in `description` and all in `itunes:summary`, libraries in `dc:description`. `feed` are the addresses
    /// of its feed and of the site.
    pub(super) fn with_fuller_text(mut self, feed: [&str; 2]) -> Item<'a> {
        let (summary, fuller) = (&self.item.summary, &self.fuller);
        // What is no longer as it is written is most likely no longer in words.
        if self.item.content.is_empty() && fuller.value.len() > summary.value.len() {
            let words = |text: &Text<'_>| line(Cow::Borrowed(&text.value), true).into_owned();
            let [short, long] = [summary, fuller].map(words);
            let begins = short.trim_end_matches(['.', '\u{2026}', ' ']);
            let is_beginning = long.starts_with(begins) && long.len() > short.len() + FEW;
            if is_beginning || long.len() > 2 * short.len() + FEW {
                let has_more = leads_elsewhere(summary, fuller, [&self.item.link, feed[0], feed[1]]);
                let fuller = std::mem::take(&mut self.fuller);
                // What only the one shows is not given up for words: these are its summary then.
                self.item.content = if has_more { std::mem::replace(&mut self.item.summary, fuller) } else { fuller };
            }
        }
        self.item
    }

    /// Takes a value of one line.
    pub(super) fn word(&mut self, field: Field, rank: u8, value: Cow<'a, str>) {
        let (item, ranks) = (&mut self.item, &mut self.ranks);
        match field {
            Field::Author => {
                if rank > ranks.authors {
                    item.authors.clear();
                    ranks.authors = rank;
                }
                if rank == ranks.authors && item.authors.len() < MOST && !item.authors.contains(&value) {
                    // Most have one.
                    if item.authors.is_empty() {
                        item.authors.reserve_exact(1);
                    }
                    item.authors.push(value);
                }
            }
            Field::Category => item.categories.push(value),
            Field::Keywords => {
                let words = between_commas(&value);
                item.categories.extend(words.map(|word| Cow::Owned(word.to_owned())));
            }
            Field::Language => take(&mut item.language, &mut ranks.language, rank, value),
            Field::SourceTitle => item.source.title = value,
            Field::SourceLink => item.source.link = value,
            Field::Picture => self.offer(rank, value, Said::default()),
            Field::PictureAlt => item.picture.alt = value,
            Field::PictureCaption => item.picture.caption = value,
            Field::PictureCredit => item.picture.credit.add(value),
            Field::PictureRights => item.picture.credit.rights = value,
            Field::Draft => item.is_draft = value.eq_ignore_ascii_case("yes"),
            Field::Kind => item.archived.kind = kind(&value),
            Field::Status => item.archived.status = value,
            Field::Path => item.archived.path = value,
            Field::Answers => item.archived.answers = value,
            Field::CommentPage => item.comments.page = value,
            Field::CommentFeed => item.comments.feed = value,
            Field::CommentCount => item.comments.count = value.parse().ok(),
            Field::Subtitle => item.episode.subtitle = value,
            Field::EpisodeNumber => item.episode.number = value,
            Field::Season => item.episode.season = value,
            Field::Duration => item.episode.duration = value,
            Field::Point => item.location.point = value,
            // Either may come first; a third one is neither.
            Field::Latitude | Field::Longitude if item.location.point.len() > MOST => {}
            Field::Latitude => item.location.point = value + item.location.point.clone(),
            Field::Longitude => item.location.point = item.location.point.clone() + " " + value,
            Field::PlaceName => take(&mut item.location.name, &mut ranks.location, rank, value),
            _ => {}
        }
    }
}

/// Whether a text has a picture, a film or a link that the other lacks, but for pixels that count, links to addresses of its `own` (its
/// page, its site, its feed), and those to the beginning of its site.
fn leads_elsewhere(text: &Text<'_>, other: &Text<'_>, own: [&str; 3]) -> bool {
    if !text.is_html {
        return false;
    }
    let tags = Scanner::of_foreign(&text.value).filter_map(|piece| match piece {
        Piece::Open { name, attributes } if !(name.eq_ignore_ascii_case("img") && is_pixel(attributes)) => {
            Some(tag::attributes(attributes))
        }
        _ => None,
    });
    let leads = |name: &str| name.eq_ignore_ascii_case("src") || name.eq_ignore_ascii_case("href");
    let addresses = tags.flatten().filter(|(name, _)| leads(name)).map(|(_, address)| address);
    let own = own.map(page);
    let is_own = |address: &str| {
        let address = page(address);
        own.contains(&address) || own.iter().any(|own| host(own) == address)
    };
    let mut addresses = addresses.enumerate();
    addresses.any(|(at, address)| {
        let address = address.trim();
        at >= MOST || (!is_own(address) && !other.value.contains(address))
    })
}

/// What an address leads to, whoever comes from where: without its scheme, its part and the slash at its end.
fn page(address: &str) -> String {
    let whole = without_visitors(address.trim());
    let whole = whole.split('#').next().unwrap_or_default();
    let bare = whole.split_once("://").map_or(whole, |(_, bare)| bare);
    bare.trim_end_matches('/').to_owned()
}

/// The host of an address without a scheme.
fn host(page: &str) -> &str {
    page.split(['/', '?']).next().unwrap_or_default()
}

/// What Blogger says that an item is: `POST`, or the address of a kind of Google's data, `…/blogger/2008/kind#post`.
fn kind(value: &str) -> Kind {
    match value.rsplit('#').next().unwrap_or(value).to_ascii_lowercase().as_str() {
        "page" => Kind::Page,
        "comment" => Kind::Comment,
        "settings" | "template" => Kind::Setting,
        _ => Kind::Post,
    }
}

/// Takes a value, unless one of its rank or a higher one is there.
pub(super) fn take<T: Default>(place: &mut T, there: &mut u8, rank: u8, value: T) {
    if rank > *there {
        *place = value;
        *there = rank;
    }
}

/// A value as one line of text.
pub(super) fn line(value: Cow<'_, str>, is_html: bool) -> Cow<'_, str> {
    let is_plain = !value.bytes().any(|byte| matches!(byte, b'<' | b'&' | b'\n' | b'\r' | b'\t'));
    if is_plain && !value.contains("  ") {
        return value;
    }
    Cow::Owned(if is_html { plain::from_html(&value) } else { plain::one_line(&value) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_summary_that_says_far_more_is_the_text() {
        let long =
            "How soot was gathered, who sold gum, and what a press cost in 1683. Guests have printed for forty years.";
        let cut = "How soot was gathered, who sold gum\u{2026}";
        let items = |first: &str, second: &str| {
            let (collected, warnings) = read(&format!(
                "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
                 xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\
                 <title>P</title><link>https://p.example/</link><item><title>A</title><link>https://p.example/a</link>\
                 {first}{second}</item></channel></rss>"
            ));
            assert_eq!(warnings, Vec::<String>::new());
            let post = &collected.posts[0];
            (post.body.as_str().to_owned(), post.summary.clone().unwrap_or_default())
        };
        let element = |name: &str, text: &str| format!("<{name}>{text}</{name}>");
        let description = |text: &str| element("description", text);
        let whole = format!("<p>{long}</p>\n");
        for (name, said) in [("itunes:summary", "Short."), ("dc:description", "Short."), ("itunes:summary", cut)] {
            let full = element(name, long);
            assert_eq!(items(&description(said), &full), (whole.clone(), said.to_owned()), "{name}");
            assert_eq!(items(&full, &description(said)), (whole.clone(), said.to_owned()), "{name}");
        }
        let said = "Notes of the show, in about as many words as the other text has, but with links in them.";
        assert_eq!(items(&description(said), &element("itunes:summary", long)).0, format!("<p>{said}</p>\n"));
        for lost in ["<img src=\"https://p.example/1.png\">", "<p>Read <a href=\"https://p.example/t\">this</a>.</p>"] {
            let short = lost.replace('<', "&lt;");
            let (kept, words) = items(&description(&short), &element("itunes:summary", long));
            assert!(kept.contains("https://p.example/") && !kept.contains("gathered"), "{kept}");
            assert_eq!(words, long);
        }
        let more = "Of soot. &lt;a href=\"https://p.example/a\">More&lt;/a>";
        assert_eq!(items(&description(more), &element("itunes:summary", long)).0, whole, "a link to its own page");
        let more = "How soot was gathered [&#8230;] &lt;p>The post &lt;a href=\"https://p.example/a?utm_source=rss#x\">A&lt;/a> appeared first on \
                    &lt;a href=\"http://p.example\">P&lt;/a>.&lt;/p>&lt;img src=\"https://feeds.example/~r/p/~4/x\" height=\"1\" width=\"1\"/>";
        let longer = [long; 3].join(" ");
        let (body, words) = items(&description(more), &element("itunes:summary", &longer));
        assert!(
            body == format!("<p>{longer}</p>\n") && words.starts_with("How soot was gathered [\u{2026}]"),
            "{body} {words}"
        );
        let picture = element("media:description", long);
        assert_eq!(items(&description("Short."), &picture).0, "<p>Short.</p>\n", "said of a picture");
    }
}
