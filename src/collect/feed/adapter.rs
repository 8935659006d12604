//! From an item of the wire to a post.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use url::Url;

use super::album::{chapters, more_pictures, pages_about, people};
use super::faults::Fault;
use super::reach::Links;
use super::scope::join;
use super::wire::{Base, DateText, Feed, Format, Item, Text};
use crate::collect::addressed::{without_user, words_without_user};
use crate::collect::kept::{KeptFiles, WRITTEN_OUT, WrittenOut, is_written_out};
use crate::collect::pictures::Found;
use crate::collect::sanitise::{
    Addresses, Context, Dropped, HIDDEN, Sanitiser, Shown, dropped, for_eyes_alone, paragraphs,
};
use crate::collect::{dates, identity, languages, long_title, plain, reserved, strays};
use crate::config::{Config, Enclosures, Source};
use crate::model::{
    Asset, Credit, Enclosure, Html, Language, Medium, Origin, Particulars, Picture, Post, PostId, duration, media_type,
    media_type_of, picture_name, sha256_hex, slugify,
};

/// What nothing plays any more.
pub(super) const FLASH: &str = "application/x-shockwave-flash";

/// A line that is hidden for mail programs has no more letters and digits.
const LONGEST_HIDDEN_LINE: usize = 200;

/// What the ids of Blogger's items begin with.
const OF_BLOGGER: &str = "tag:blogger.com,1999:";

/// More pictures that are written out in their addresses are not taken of one item: each becomes a file.
const MOST_WRITTEN_OUT: usize = 100;

/// The picture that leads an item is compared with no more pictures of its text.
const MOST_COMPARED: usize = 200;

/// What all items of a feed are adapted with.
pub(super) struct Adapter<'a> {
    pub(super) config: &'a Config,
    pub(super) source: &'a Source,
    pub(super) sanitiser: &'a Sanitiser,
    pub(super) feed: &'a Feed<'a>,
    /// The text of the document.
    pub(super) text: &'a str,
    /// The feed's file, for messages.
    pub(super) file: &'a std::path::Path,
    pub(super) now: DateTime<Utc>,
    /// Those that were fetched.
    pub(super) pictures: &'a KeptFiles,
    /// Those that stand in the document itself.
    pub(super) written_out: &'a WrittenOut,
}

/// Addresses relative to a page on the web.
struct Web<'a> {
    base: Option<Url>,
    pictures: &'a KeptFiles,
    written_out: &'a WrittenOut,
    /// The pictures that are shown and at hand.
    assets: Vec<Asset>,
    /// What there is to say of pictures that are written out, with their addresses, and of words for eyes alone, with these.
    told: Vec<(String, String)>,
    /// What there is to say of links.
    links: Links<'a>,
    /// The addresses of the pictures that are shown, as they were, and as the text has them now.
    shown: Vec<(String, String)>,
}

impl Web<'_> {
    /// A picture that is written out in its address.
    fn written_out(&mut self, found: Found, src: &str) -> Option<Shown> {
        let found = match found {
            Found::Picture(_) | Found::Cleaned(..) if self.assets.len() >= MOST_WRITTEN_OUT => {
                Found::NotAPicture(format!("is one of more than {MOST_WRITTEN_OUT} of its item"))
            }
            found => found,
        };
        let (asset, told) = match found {
            Found::Picture(asset) => (Some(asset), None),
            Found::Cleaned(asset, what) => (Some(asset), Some(what)),
            Found::NotAPicture(what) => (None, Some(what + "; its alternative text stands for it")),
            Found::Missing => (None, None),
        };
        self.told.extend(told.map(|what| (src.to_owned(), format!("{WRITTEN_OUT} {what}"))));
        let asset = asset?;
        add(&mut self.assets, &asset);
        Some(Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) })
    }
}

impl Addresses for Web<'_> {
    fn link(&mut self, href: &str) -> Option<String> {
        let url = join(self.base.as_ref(), href)?;
        self.links.note(href, &url);
        Some(without_user(url.as_str()).into_owned())
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        if let Some(found) = self.written_out.picture(src) {
            return self.written_out(found, src);
        }
        let src = join(self.base.as_ref(), src)?.to_string();
        let shown = match self.pictures.picture(&src) {
            Some(asset) => {
                add(&mut self.assets, asset);
                Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) }
            }
            None => Shown { src: src.clone(), size: None },
        };
        if self.shown.len() < MOST_COMPARED {
            self.shown.push((src, shown.src.clone()));
        }
        Some(shown)
    }

    fn left_out(&mut self, tag: &str, words: &str) {
        self.told.push((words.to_owned(), for_eyes_alone(tag, words)));
    }
}

impl Adapter<'_> {
    /// Makes a post. Its `first_seen` is now; the caller knows better where an earlier run saw it.
    pub(super) fn post(&self, item: &Item<'_>) -> (Post, Vec<Fault>) {
        let mut faults = Vec::new();
        let page = address(item, &self.feed.link);
        let of_feed = || on_the_web(&self.feed.link).or_else(|| self.site());
        let near = page.clone().or_else(of_feed).unwrap_or_else(|| self.config.publication.base_url.clone());
        let id = PostId(without_user(&id(item, &near)).into_owned());
        let title = self.title(item);
        let long =
            long_title(&title).map(|message| Fault::new(self.find(item.title.value.trim_start(), item), message));
        faults.extend(long);
        let slug = slugify(&title).chars().take(60).collect::<String>();
        let language = self.language(item);
        let site = if page.is_none() { near.clone() } else { String::new() };
        let address = page.unwrap_or_else(|| self.page_of_ours(&id, &language));
        let has_content = !item.content.is_empty();
        let text = if has_content { &item.content } else { &item.summary };
        let (value, for_some) = reserved::shown(&text.value);
        let text = &Text { value, is_html: text.is_html, is_said: text.is_said, base: text.base };
        faults.extend(for_some.into_iter().map(|message| Fault::new(self.find(reserved::WALL, item), message)));
        let authors = self.authors(item);
        let more = more_pictures(item, &text.value) + &people(item, &authors, &text.value);
        let more = more + &chapters(item, &text.value) + &pages_about(item, &text.value);
        // What an item without a page has in its text starts where its feed does.
        let (body, web) = self.body(text, &more, &slug, &title, &near);
        let Web { mut assets, told, links, shown, .. } = web;
        faults.extend(told.into_iter().map(|(src, message)| Fault::new(self.find(&src, item), message)));
        faults.extend(links.told().map(|(href, message)| Fault::new(self.find(href, item), message)));
        if text.is_html && strays::is_markup(&text.value, text.is_said) {
            // What newsletters hide they hide in every item: the line that mail programs show beside the subject. More than
            // that is missed.
            let is_missed = |dropped: &Dropped| {
                dropped.name != HIDDEN || self.sanitiser.letters_hidden(&text.value) > LONGEST_HIDDEN_LINE
            };
            let left_out = dropped(&text.value).into_iter().filter(is_missed);
            faults.extend(left_out.map(|dropped| self.left_out(&dropped, item)));
        }
        let no_language = languages::fault(&item.language);
        faults.extend(no_language.map(|message| Fault::new(self.find(&item.language, item), message)));
        faults.extend(self.unreachable(item));
        faults.extend(self.unplayed(item));
        faults.extend(self.withheld(item));
        let picture = self.picture(item, &shown, &mut assets, &mut faults);
        let enclosures = self.enclosures(item, &mut assets);
        let summary = if has_content { as_line(&item.summary) } else { subtitle(item) };
        let summary = Some(summary).filter(|summary| !summary.is_empty());
        let updated = self.date(&item.updated, &title, &mut faults);
        let tags: Vec<String> = item.categories.iter().map(|word| word.clone().into_owned()).collect();
        let post = Post {
            id,
            source: self.source.name.clone(),
            origin: Origin::Elsewhere,
            file: self.file.to_path_buf(),
            slug,
            address,
            language,
            published: self
                .date(&item.published, &title, &mut faults)
                .or_else(|| self.date(&item.published_too, &title, &mut faults))
                .or(updated),
            first_seen: self.now,
            updated,
            title,
            draft: item.is_draft,
            held_back: None,
            public: false,
            authors,
            section: self.source.section.clone().or_else(|| tags.first().cloned()),
            tags,
            categories: Vec::new(),
            summary,
            picture,
            body,
            credit: self.credit(item),
            enclosures,
            aliases: Vec::new(),
            first_slug: None,
            first_place: None,
            particulars: Particulars { site, ..particulars(item) },
            assets,
        };
        (post, faults)
    }

    /// An element of the text that is left out, where it stands in the document.
    fn left_out(&self, dropped: &Dropped, item: &Item<'_>) -> Fault {
        let within = self.text.get(item.offset..).unwrap_or_default();
        let at = dropped.find_in(within).map_or(item.offset, |at| item.offset + at);
        Fault::new(at, dropped.in_words())
    }

    /// Where an address that is written out, or words, stand in the document.
    pub(super) fn find(&self, src: &str, item: &Item<'_>) -> usize {
        let within = self.text.get(item.offset..).unwrap_or_default();
        // As far as it is written the same in XML and in JSON.
        let begins: String = src.chars().take_while(|c| !matches!(c, '&' | '"' | '\\' | '<' | '>')).take(80).collect();
        memchr::memmem::find(within.as_bytes(), begins.as_bytes()).map_or(item.offset, |at| item.offset + at)
    }

    fn title(&self, item: &Item<'_>) -> String {
        // Blogger keeps titles as HTML, and says that they are text.
        let title = if !item.title.is_html && item.id.starts_with(OF_BLOGGER) {
            plain::one_line(&plain::decode_entities(&item.title.value))
        } else {
            as_title(&item.title)
        };
        if !title.is_empty() {
            return title;
        }
        let text = as_line(if item.summary.is_empty() { &item.content } else { &item.summary });
        let short: String = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        match (short.is_empty(), short.len() < text.len()) {
            // A picture alone: a post has to be called something.
            (true, _) => Some(as_title(&self.feed.title))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| self.source.name.clone()),
            (_, true) => short + "\u{2026}",
            _ => short,
        }
    }

    /// The text. Where nothing says where its relative addresses start, they start at the item's page: that is what it
    /// was copied from. `more` follows it. With the pictures that it shows, of those at hand.
    fn body(&self, text: &Text<'_>, more: &str, slug: &str, title: &str, address: &str) -> (Html, Web<'_>) {
        let lines = match text.is_html {
            false => Some(paragraphs(&text.value)),
            // Escaped text without a tag: its lines are all the markup that it has.
            true if !strays::is_markup(&text.value, text.is_said) => {
                Some(paragraphs(&plain::decode_entities(&text.value)))
            }
            true => None,
        };
        let own = self.feed.base(text.base).cloned();
        let page = if text.base == Base::default() { Url::parse(address).ok().or(own) } else { own };
        let mut web = self.web(page, Vec::new());
        let is_whole = |lines: &&Html| more.is_empty() && !lines.as_str().contains("<a ");
        if let Some(lines) = lines.as_ref().filter(is_whole) {
            return (lines.clone(), web);
        }
        let whole = || strays::as_text(&text.value, text.is_said);
        let written = lines.as_ref().map_or_else(whole, |lines| Cow::Borrowed(lines.as_str()));
        let html = words_without_user(&written);
        let html = if more.is_empty() { html } else { Cow::Owned([&*html, more].concat()) };
        let context = Context { prefix: slug, title: Some(title) };
        (self.sanitiser.foreign_in_paragraphs(&html, context, &mut web), web)
    }

    /// Addresses as they are seen from `base`.
    fn web(&self, base: Option<Url>, assets: Vec<Asset>) -> Web<'_> {
        let links = Links::new(&self.config.fetch.allow_private);
        let (pictures, written_out) = (self.pictures, self.written_out);
        Web { base, pictures, written_out, assets, told: Vec::new(), links, shown: Vec::new() }
    }

    /// The picture that leads it; where it is at hand it is added to `assets`. Of one that the text shows in whatever size, that
    /// size, so that it is not shown twice.
    fn picture(
        &self,
        item: &Item<'_>,
        shown: &[(String, String)],
        assets: &mut Vec<Asset>,
        faults: &mut Vec<Fault>,
    ) -> Option<Picture> {
        let mut picture = picture(item)?;
        if !shown.is_empty() {
            let name = picture_name(&picture.src);
            if let Some((_, src)) = shown.iter().find(|(shown, _)| picture_name(shown) == name) {
                return Some(Picture { src: src.clone(), ..picture });
            }
        }
        if let Some(found) = self.written_out.picture(&picture.src) {
            let mut web = self.web(None, std::mem::take(assets));
            let shown = web.written_out(found, &picture.src);
            *assets = web.assets;
            faults.extend(web.told.into_iter().map(|(src, message)| Fault::new(self.find(&src, item), message)));
            return Some(Picture { src: shown?.src, ..picture });
        }
        if let Some(asset) = self.pictures.picture(&picture.src) {
            add(assets, asset);
            picture.src = format!("assets/{}", asset.name);
        }
        Some(picture)
    }

    /// The files that come with it, but for pictures. How long an episode is, is said of its first sound or film, before
    /// other forms of it. Those that are kept are added to `assets`.
    fn enclosures(&self, item: &Item<'_>, assets: &mut Vec<Asset>) -> Vec<Enclosure> {
        let reached = item.enclosures.iter().filter(|file| self.is_reached(&file.address));
        let written = reached.filter_map(|file| Some((enclosure(file)?, file.is_rendition)));
        let (mut enclosures, renditions): (Vec<Enclosure>, Vec<bool>) = written.unzip();
        let is_heard = |at: &usize| matches!(enclosures[*at].medium(), Medium::Audio | Medium::Video);
        let episode = (0..enclosures.len()).filter(is_heard).min_by_key(|at| renditions[*at]);
        if let Some(episode) = episode.map(|at| &mut enclosures[at]) {
            episode.duration = episode.duration.or_else(|| duration(&item.episode.duration));
        }
        // Another source may keep the same file; that is not for this one.
        let keeps = self.source.enclosures == Enclosures::Keep;
        for file in enclosures.iter_mut().filter(|_| keeps) {
            if let Some(asset) = self.pictures.enclosure(&file.address) {
                add(assets, asset);
                file.keep(asset);
            }
        }
        enclosures
    }

    /// The address of an item that has no page anywhere: one of ours.
    fn page_of_ours(&self, id: &PostId, language: &Language) -> String {
        let publication = &self.config.publication;
        publication.url(&identity::path(publication, language, &id.page_name()))
    }

    /// The site of the feed by where it is fetched from, by config.toml, by its own word: where an item leads that nothing
    /// gives an address.
    fn site(&self) -> Option<String> {
        if let Some(url) = self.source.address() {
            return url.join("/").ok().map(|url| url.to_string());
        }
        let base = self.source.base_url.as_deref().and_then(on_the_web);
        let this = || on_the_web(Url::parse(&self.feed.relations.this).ok()?.join("/").ok()?.as_str());
        base.or_else(this)
    }

    /// Its own authors; in Atom and JSON Feed the feed's write what names nobody.
    fn authors(&self, item: &Item<'_>) -> Vec<String> {
        let inherits = matches!(self.feed.format, Format::Atom | Format::Json);
        let names = if item.authors.is_empty() && inherits { &self.feed.authors } else { &item.authors };
        names.iter().map(|name| byline(name)).filter(|name| !name.is_empty()).collect()
    }

    fn language(&self, item: &Item<'_>) -> Language {
        [&item.language, &self.feed.language]
            .into_iter()
            .find_map(|said| languages::named(said))
            .map(|said| self.config.published_language(said))
            .or_else(|| self.source.language.clone())
            .unwrap_or_else(|| self.config.publication.language.clone())
    }

    fn date(&self, date: &DateText<'_>, title: &str, faults: &mut Vec<Fault>) -> Option<DateTime<Utc>> {
        if date.text.is_empty() {
            return None;
        }
        let written = dates::parse(&date.text);
        if written.is_none() {
            let text: String = date.text.chars().take(60).collect();
            faults.push(Fault::new(date.offset, format!("`{text}` is not a date (item `{title}`)")));
        }
        written.map(|written| written.instant(self.config.publication.time_zone))
    }

    /// The feed that the item came from first, else this one.
    fn credit(&self, item: &Item<'_>) -> Option<Credit> {
        let feed = || Cow::Owned(as_title(&self.feed.title));
        let (name, link) = if item.source.title.is_empty() {
            (feed(), &self.feed.link)
        } else {
            (item.source.title.clone(), &item.source.link)
        };
        (!name.is_empty()).then(|| Credit { name: name.into_owned(), url: on_the_web(link) })
    }
}

/// A text as one line.
fn as_line(text: &Text<'_>) -> String {
    let (shown, _) = reserved::shown(&text.value);
    if text.is_html { plain::from_html(&words_without_user(&shown)) } else { plain::one_line(&shown) }
}

/// A title as one line.
pub(super) fn as_title(text: &Text<'_>) -> String {
    if text.is_html { plain::title_from_html(&text.value) } else { plain::one_line(&text.value) }
}

/// An address that a browser opens; whom it tells is no reader's business.
pub(super) fn on_the_web(address: &str) -> Option<String> {
    Some(without_user(web_url(address)?.as_str()).into_owned())
}

/// An address that a browser opens, as it is.
fn web_url(address: &str) -> Option<Url> {
    Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Adds a file once.
fn add(assets: &mut Vec<Asset>, asset: &Asset) {
    if !assets.contains(asset) {
        assets.push(asset.clone());
    }
}

/// A file on the web that is no picture and that something can open. A server that calls everything a stream of bytes
/// says less than how the address ends.
fn enclosure(file: &super::wire::Enclosure<'_>) -> Option<Enclosure> {
    let address = on_the_web(&file.address)?;
    let said = media_type(&file.media_type);
    let is_vague = matches!(said.as_str(), "" | "application/octet-stream" | "binary/octet-stream");
    let by_ending = media_type_of(&address).filter(|kind| is_vague && !kind.starts_with("image/"));
    let enclosure = Enclosure {
        media_type: by_ending.map_or(said, str::to_owned),
        length: file.length.filter(|length| *length > 0),
        duration: file.duration,
        title: Some(plain::one_line(&file.title)).filter(|title| !title.is_empty()),
        kept: None,
        address,
    };
    let is_left_out = file.is_picture || enclosure.is_picture() || enclosure.media_type == FLASH;
    (!is_left_out).then_some(enclosure)
}

fn picture(item: &Item<'_>) -> Option<Picture> {
    let address = &*item.picture.address;
    // A picture is asked for as it says; where it is not had, its address is not shown.
    let src = if is_written_out(address) { Some(address.to_owned()) } else { web_url(address).map(Into::into) }?;
    let caption = Some(item.picture.credit.behind(&item.picture.caption)).filter(|caption| !caption.is_empty());
    Some(Picture { src, alt: item.picture.alt.clone().into_owned(), caption, lost: false })
}

fn particulars(item: &Item<'_>) -> Particulars {
    let web = |address: &str| on_the_web(address).unwrap_or_default();
    let word = |text: &str| plain::one_line(text);
    let transcripts = item.episode.transcripts.iter().filter_map(|file| Some((file, on_the_web(&file.address)?)));
    let transcript = transcripts.min_by_key(|(file, _)| readable(&file.media_type)).map(|(_, address)| address);
    Particulars {
        episode: word(&item.episode.number),
        season: word(&item.episode.season),
        transcript: transcript.unwrap_or_default(),
        chapters: web(&item.episode.chapters),
        place: word(&item.location.name),
        point: word(&item.location.point),
        comments: web(&item.comments.page),
        comment_feed: web(&item.comments.feed),
        site: String::new(),
    }
}

/// The line below the title of an episode, unless its text says the same.
fn subtitle(item: &Item<'_>) -> String {
    let (subtitle, text) = (&*item.episode.subtitle, as_line(&item.summary));
    let is_said = text.contains(subtitle.trim_end_matches(['.', '\u{2026}']));
    if is_said { String::new() } else { subtitle.to_owned() }
}

/// Of several forms of a transcript people read the first best.
fn readable(media_type: &str) -> usize {
    const FORMS: [&str; 4] = ["text/html", "text/plain", "text/vtt", "srt"];
    FORMS.iter().position(|form| media_type.contains(form)).unwrap_or(FORMS.len())
}

/// A byline is a name: RSS writes `address (name)`, people `name (address)`, `name <address>` and `name, address`.
fn byline(author: &str) -> String {
    let author = author.trim();
    let is_address = |text: &str| text.contains('@') && !text.trim().contains(char::is_whitespace);
    let parts = [('(', ')'), ('<', '>')].into_iter().find_map(|(open, close)| {
        let (before, within) = author.strip_suffix(close)?.split_once(open)?;
        Some((before, within))
    });
    let name = match parts.or_else(|| author.rsplit_once(',')) {
        Some((before, within)) if is_address(within) && !before.trim().is_empty() => before,
        Some((before, within)) if is_address(before) => within,
        Some(("", within)) if is_address(within) => within,
        _ => author,
    };
    let name = name.trim().trim_matches('"').trim();
    if is_address(name) { name.split('@').next().unwrap_or_default().to_owned() } else { name.to_owned() }
}

/// The page of an item: its link, an id that is an address, a file that comes with it. `site` is where an id may start.
fn address(item: &Item<'_>, site: &str) -> Option<String> {
    let id = if item.id_is_no_address { "" } else { &*item.id };
    // A permalink may be written from the root of its site on.
    let of_site = id.starts_with('/').then(|| Url::parse(site).ok()?.join(id).ok()).flatten();
    let file = item.enclosures.first().map_or("", |file| &file.address);
    let id = of_site.as_ref().map_or(id, Url::as_str);
    [&item.link, id, file].into_iter().find_map(on_the_web)
}

/// The id that the item brings, else its link, else one made of its words, so that it is the same at each run.
fn id(item: &Item<'_>, address: &str) -> String {
    if !item.id.is_empty() {
        return item.id.clone().into_owned();
    }
    if !item.link.is_empty() {
        return address.to_owned();
    }
    let words: String = [&item.title.value, &item.published.text, &item.content.value, &item.summary.value]
        .into_iter()
        .flat_map(|text| [text, "\0"])
        .collect();
    format!("urn:sha256:{}", &sha256_hex(words.as_bytes())[..32])
}

#[cfg(test)]
mod tests {
    use super::byline;

    #[test]
    fn a_byline_is_a_name() {
        for author in [
            "jane@x.example (Jane Doe)",
            "Jane Doe (jane@x.example)",
            "Jane Doe (mailto:jane@x.example)",
            "Jane Doe <jane@x.example>",
            "\"Jane Doe\" <jane@x.example>",
            "Jane Doe, jane@x.example",
            " Jane Doe ",
        ] {
            assert_eq!(byline(author), "Jane Doe", "{author}");
        }
        assert_eq!(byline("jane@x.example"), "jane");
        assert_eq!(byline("<jane@x.example>"), "jane");
        assert_eq!(byline("Doe, Jane"), "Doe, Jane");
        assert_eq!(byline("\"Doe, Jane\" <jane@x.example>"), "Doe, Jane");
        assert_eq!(byline("Jane Doe (The Press)"), "Jane Doe (The Press)");
    }
}
