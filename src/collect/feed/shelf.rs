//! The feed and the item that are being filled.

use std::borrow::Cow;

use url::Url;

use super::addresses::absolute_addresses;
use super::draft::{Draft, MOST, MOST_ITEMS, Ranks, take};
use super::lead::{Said, is_portrait, is_small};
use super::names::Class;
use super::scope::{Scope, join};
use super::tag::Attrs;
use super::vocabulary::{Context, Field, LAST, OWN, SIDE};
use super::wire::{Base, DateText, Enclosure, Feed, Format, Item, Text};
use crate::model::{is_named_as_picture, web_fault, whole_picture};

/// An item is about no more pages than are shown.
const MOST_ABOUT: usize = 20;

/// An author of several elements.
#[derive(Debug, Default)]
struct Person<'a> {
    name: Cow<'a, str>,
    address: Cow<'a, str>,
    /// Whether it is the author of the feed that an item was taken from.
    of_source: bool,
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Shelf<'a> {
    /// Of the document, in bytes.
    length: usize,
    pub(super) feed: Feed<'a>,
    ranks: Ranks,
    base: Base,
    draft: Option<Draft<'a>>,
    person: Option<Person<'a>>,
    /// What part in an episode the person has who is named next.
    role: Cow<'a, str>,
    /// Another form of a file, until its address is known.
    alternate: Option<Enclosure<'a>>,
    /// The address of the file of Media RSS that is open or was last, and whether it is to be heard or watched.
    media: Option<(Cow<'a, str>, bool)>,
    /// Whether that one is passed over, with what is said of it.
    passes_over: bool,
    /// How many groups of Media RSS began.
    groups: usize,
}

impl<'a> Shelf<'a> {
    /// For a document of so many bytes.
    pub(super) fn new(length: usize) -> Self {
        Self { length, ..Self::default() }
    }

    /// How many elements are open up to the item, if one is.
    pub(super) fn item_depth(&self) -> Option<usize> {
        self.draft.as_ref().map(|draft| draft.depth)
    }

    pub(super) fn start_feed(&mut self, format: Format, attrs: &Attrs<'a>, base: Base, language: Option<Cow<'a, str>>) {
        let feed = &mut self.feed;
        if feed.format == Format::Unknown {
            feed.format = format;
        }
        self.base = base;
        if let Some(language) = language.filter(|language| !language.is_empty() && self.ranks.language < OWN) {
            feed.language = language;
        }
        if let Some(text) = attrs.get("lastmod") {
            feed.updated.text = text;
        }
        if format == Format::Cdf {
            feed.link = attrs.get("href").unwrap_or_default();
            feed.relations.this = attrs.get("self").unwrap_or_default();
        }
    }

    pub(super) fn start_item(&mut self, attrs: &Attrs<'a>, base: Base, depth: usize, offset: usize) {
        let mut item = Item { base, offset, ..Item::default() };
        item.id = attrs.get("about").unwrap_or_default();
        // Attributes that only CDF has.
        item.link = attrs.get("href").unwrap_or_default();
        item.updated = DateText { text: attrs.get("lastmod").unwrap_or_default(), offset };
        let (ranks, lead, fuller) = (Ranks::default(), Said::default(), Text::default());
        self.draft = Some(Draft { item, ranks, lead, fuller, depth });
    }

    /// Whether the open item can be told from others.
    pub(super) fn item_is_known(&self) -> bool {
        self.draft.as_ref().is_some_and(|draft| !draft.item.id.is_empty() || !draft.item.link.is_empty())
    }

    /// Notes that the feed ends in the item that is open.
    pub(super) fn note_cut(&mut self) {
        self.feed.ends_in_item = true;
    }

    pub(super) fn drop_item(&mut self) {
        self.draft = None;
    }

    /// Puts the item with the others. `false` when the feed has as many as are read.
    pub(super) fn close_item(&mut self) -> bool {
        let draft = self.draft.take();
        let feed = [&*self.feed.link, &*self.feed.relations.this];
        let item = draft.map(|draft| {
            let mut item = draft.with_fuller_text(feed);
            // Where there is nothing else to read, it is the text.
            if let Some(episode) = item.episode.written().filter(|_| item.summary.is_empty()) {
                item.summary.value = std::mem::take(&mut episode.subtitle);
            }
            if let Some(archived) = item.archived.written().filter(|_| item.link.is_empty()) {
                item.link = archived.path.clone();
            }
            item
        });
        if item.is_some() && self.feed.items.len() >= MOST_ITEMS {
            return false;
        }
        if let Some(item) = item {
            self.feed.make_room(item.offset, self.length, MOST_ITEMS);
            self.feed.items.push(item);
        }
        true
    }

    /// Begins a group: its attributes may hold what others write as elements.
    pub(super) fn group(&mut self, kind: Context, attrs: &Attrs<'a>) {
        match (kind, &mut self.draft) {
            (Context::Source, Some(draft)) => draft.item.source.link = attrs.get("url").unwrap_or_default(),
            (Context::Image, _) => {
                let address = attrs.get("href").or_else(|| attrs.get("resource")).or_else(|| attrs.get("url"));
                if let Some(address) = address {
                    self.word(Field::Picture, OWN, address);
                }
            }
            _ => {}
        }
    }

    pub(super) fn start_person(&mut self, parent: Context) {
        self.person = Some(Person { of_source: parent == Context::Source, ..Person::default() });
    }

    pub(super) fn close_person(&mut self) {
        let Some(person) = self.person.take() else { return };
        let name = if person.name.is_empty() { person.address } else { person.name };
        if !name.is_empty() {
            self.word(Field::Author, if person.of_source { 1 } else { OWN }, name);
        }
    }

    /// Atom's `link` (RFC 4287, 4.2.7), wherever it stands.
    pub(super) fn atom_link(&mut self, href: Cow<'a, str>, attrs: &Attrs<'a>, parent: Context, class: Class) {
        let rel = attrs.get("rel").unwrap_or(Cow::Borrowed("alternate")).to_ascii_lowercase();
        let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(&rel);
        let kind = attrs.get("type").unwrap_or_default();
        let is_page = kind.is_empty() || kind.contains("html");
        match (&mut self.draft, parent) {
            (Some(draft), Context::Source) => {
                if rel == "alternate" {
                    draft.item.source.link = href;
                }
            }
            (Some(draft), _) => match rel {
                "alternate" => self.name(Field::Link, OWN - u8::from(!is_page) - u8::from(class == Class::Rss), href),
                "enclosure" => {
                    let enclosure = Enclosure {
                        address: href,
                        media_type: kind,
                        length: attrs.bytes("length"),
                        title: attrs.get("title").unwrap_or_default(),
                        ..Enclosure::default()
                    };
                    self.enclosed(enclosure, Said::default());
                }
                "via" | "related" if is_page && draft.item.about.len() < MOST_ABOUT => {
                    draft.item.about.push((href, attrs.get("title").unwrap_or_default()));
                }
                "replies" if is_page => draft.item.comments.page = href,
                "replies" => draft.item.comments.feed = href,
                _ => {}
            },
            (None, _) => match rel {
                "alternate" => self.name(Field::Link, OWN - u8::from(!is_page), href),
                "self" => self.feed.relations.this = href,
                "hub" => self.feed.relations.hubs.push(href),
                "next" => self.feed.relations.next = href,
                "prev-archive" => self.feed.relations.previous_archive = href,
                _ => {}
            },
        }
    }

    /// Takes a category, or what the item is, if it says that.
    pub(super) fn category(&mut self, term: Cow<'a, str>, kind: Option<Cow<'a, str>>) {
        match kind {
            Some(kind) => self.word(Field::Kind, OWN, kind),
            None => self.word(Field::Category, OWN, term),
        }
    }

    /// Takes what a comment is on (RFC 4685).
    pub(super) fn in_reply_to(&mut self, attrs: &Attrs<'a>) {
        if let Some(id) = attrs.get("ref") {
            self.word(Field::Answers, OWN, id);
        }
    }

    /// Says whether the id that follows is an address.
    pub(super) fn guid(&mut self, attrs: &Attrs<'a>) {
        if let Some(draft) = &mut self.draft {
            let said = attrs.get("isPermaLink");
            draft.item.id_is_no_address = said.is_some_and(|value| value.eq_ignore_ascii_case("false"));
        }
    }

    pub(super) fn enclosure(&mut self, attrs: &Attrs<'a>) {
        let Some(address) = attrs.get("url").or_else(|| attrs.get("href")) else { return };
        let enclosure = Enclosure {
            address,
            media_type: attrs.get("type").unwrap_or_default(),
            length: attrs.bytes("length"),
            ..Enclosure::default()
        };
        self.enclosed(enclosure, Said::default());
    }

    /// Begins a group of Media RSS.
    pub(super) fn start_group(&mut self) {
        self.groups += 1;
    }

    /// Takes a file of Media RSS. Those in one group are forms of one thing; a picture beside others is another one.
    pub(super) fn media_content(&mut self, attrs: &Attrs<'a>, is_in_group: bool) {
        self.media = None;
        self.passes_over = false;
        let Some(address) = attrs.get("url") else { return };
        let media_type = attrs.get("type").unwrap_or_default();
        let medium = attrs.get("medium").unwrap_or_default();
        let is_played = media_type.starts_with("audio/") || media_type.starts_with("video/");
        self.media = Some((address.clone(), is_played || matches!(&*medium, "audio" | "video")));
        let is_named = || medium.is_empty() && is_named_as_picture(&address, &media_type);
        let is_picture = medium == "image" || media_type.starts_with("image/") || is_named();
        self.passes_over = is_picture && (is_portrait(&address) || is_small(attrs));
        if self.passes_over {
            return;
        }
        let enclosure = Enclosure {
            address,
            media_type,
            is_rendition: is_in_group || !is_picture,
            length: attrs.bytes("fileSize"),
            duration: attrs.get("duration").and_then(|duration| crate::model::duration(&duration)),
            is_picture,
            ..Enclosure::default()
        };
        self.enclosed(enclosure, Said::of(attrs, is_in_group.then_some(self.groups)));
    }

    /// Takes a file: a picture may stand for the item. What several elements say of one file is put together.
    fn enclosed(&mut self, mut enclosure: Enclosure<'a>, said: Said) {
        let is_played =
            self.media.as_ref().is_some_and(|(address, is_played)| *is_played && *address == enclosure.address);
        enclosure.is_picture |= enclosure.media_type.starts_with("image/")
            || (!is_played && is_named_as_picture(&enclosure.address, &enclosure.media_type));
        let Some(draft) = &mut self.draft else {
            if enclosure.is_picture {
                self.feed_word(Field::Picture, OWN, enclosure.address);
            }
            return;
        };
        if enclosure.is_picture {
            draft.offer(OWN, enclosure.address.clone(), said);
        }
        let files = &mut draft.item.enclosures;
        if let Some(known) = files.iter_mut().find(|other| other.address == enclosure.address) {
            known.length = known.length.filter(|length| *length > 0).or(enclosure.length);
            known.duration = known.duration.or(enclosure.duration);
            known.is_rendition &= enclosure.is_rendition;
            if known.media_type.is_empty() {
                known.media_type = enclosure.media_type;
            }
            if known.title.is_empty() {
                known.title = enclosure.title;
            }
        } else if files.len() < MOST {
            files.push(enclosure);
        }
    }

    pub(super) fn thumbnail(&mut self, attrs: &Attrs<'a>) {
        let Some(address) = attrs.get("url").or_else(|| attrs.get("href")) else { return };
        // The whole of what is cut out small is worth more, where it is known.
        let address = match is_small(attrs).then(|| whole_picture(&address)) {
            Some(whole) => whole.map(Cow::Owned),
            None => Some(address).filter(|address| !is_portrait(address)),
        };
        match (address, &mut self.draft) {
            (Some(address), Some(draft)) => draft.offer(SIDE, address, Said::of(attrs, None)),
            (Some(address), None) => self.feed_word(Field::Picture, SIDE, address),
            (None, _) => {}
        }
    }

    pub(super) fn transcript(&mut self, attrs: &Attrs<'a>) {
        if let (Some(draft), Some(address)) = (&mut self.draft, attrs.get("url")) {
            let media_type = attrs.get("type").unwrap_or_default();
            draft.item.episode.transcripts.push(Enclosure { address, media_type, ..Enclosure::default() });
        }
    }

    /// Notes the part that the next person has in an episode.
    pub(super) fn role(&mut self, attrs: &Attrs<'a>) {
        self.role = attrs.get("role").unwrap_or_default();
    }

    /// Takes a person who has that part in the item that is open.
    pub(super) fn takes_part(&mut self, name: Cow<'a, str>) {
        let role = std::mem::take(&mut self.role);
        let Some(draft) = &mut self.draft else { return };
        if matches!(&*role.to_ascii_lowercase(), "" | "host" | "author") {
            // Whom nobody else names as the author.
            draft.word(Field::Author, 0, name.clone());
        }
        if draft.item.episode.people.len() < MOST && !name.is_empty() {
            draft.item.episode.people.push((name, role));
        }
    }

    pub(super) fn chapters(&mut self, attrs: &Attrs<'a>) {
        if let (Some(draft), Some(address)) = (&mut self.draft, attrs.get("url")) {
            draft.item.episode.chapters = address;
        }
    }

    pub(super) fn chapter(&mut self, attrs: &Attrs<'a>) {
        if let (Some(draft), Some(title)) = (&mut self.draft, attrs.get("title"))
            && draft.item.episode.marks.len() < MOST
        {
            let [start, href] = ["start", "href"].map(|name| attrs.get(name).unwrap_or_default());
            draft.item.episode.marks.push((start, title, href));
        }
    }

    /// Begins another form of the file that comes with an item.
    pub(super) fn start_alternate(&mut self, attrs: &Attrs<'a>) {
        self.alternate = self.draft.is_some().then(|| Enclosure {
            media_type: attrs.get("type").unwrap_or_default(),
            length: attrs.bytes("length"),
            title: attrs.get("title").unwrap_or_default(),
            is_rendition: true,
            ..Enclosure::default()
        });
    }

    /// Takes an address of it; the first one on the web counts.
    pub(super) fn alternate_source(&mut self, attrs: &Attrs<'a>) {
        let on_the_web = |address: &Cow<'a, str>| {
            let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
            scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
        };
        if let Some(address) = attrs.get("uri").filter(on_the_web)
            && let Some(file) = self.alternate.take()
        {
            self.enclosed(Enclosure { address, ..file }, Said::default());
        }
    }

    /// Ends it. `false` when it had no address.
    pub(super) fn close_alternate(&mut self) -> bool {
        self.alternate.take().is_none()
    }

    /// Nothing is in the feed's history but what is in the feed.
    pub(super) fn complete(&mut self) {
        if self.draft.is_none() {
            self.feed.relations.complete = true;
        }
    }

    /// Takes what is said of a file of Media RSS: of a sound or film its title, and a sentence about the item where there is
    /// no other; of a picture what stands for it and below it. What is said of another form of the picture that leads the item
    /// is said of that.
    fn about_media(&mut self, field: Field, value: Cow<'a, str>) {
        let Some(draft) = self.draft.as_mut().filter(|_| !self.passes_over) else { return };
        let (address, is_played) = self.media.clone().unwrap_or_default();
        let lead = &draft.item.picture;
        let (is_lead, lacks) = (address.is_empty() || address == lead.address, lead.caption.is_empty());
        let file = draft.item.enclosures.iter_mut().find(|file| file.address == address && !is_lead && !is_played);
        if matches!(field, Field::MediaCredit | Field::MediaRights) {
            let credit = match file {
                _ if is_played => return,
                Some(file) if !file.is_rendition => &mut file.credit,
                _ => &mut draft.item.picture.credit,
            };
            if field == Field::MediaCredit {
                credit.add(value);
            } else {
                credit.rights = value;
            }
            return;
        }
        match (field, file) {
            (Field::MediaText, Some(file)) if file.is_rendition && lacks => {}
            (Field::MediaTitle, Some(file)) if file.is_rendition && draft.item.picture.alt.is_empty() => {}
            (Field::MediaTitle, Some(file)) => return file.title = value,
            (_, Some(file)) => return file.caption = value,
            (_, None) => {}
        }
        match (field, is_played) {
            (Field::MediaTitle, true) => {
                let file =
                    draft.item.enclosures.iter_mut().find(|file| file.address == address && file.title.is_empty());
                if let Some(file) = file {
                    file.title = value;
                }
            }
            (_, true) => {
                let text = Text { value, ..Text::default() };
                take(&mut draft.item.summary, &mut draft.ranks.summary, LAST, text);
            }
            (Field::MediaTitle, false) => draft.word(Field::PictureAlt, OWN, value),
            (_, false) => draft.word(Field::PictureCaption, OWN, value),
        }
    }

    pub(super) fn tombstone(&mut self, attrs: &Attrs<'a>) {
        self.feed.withdrawn.extend(attrs.get("ref"));
    }

    /// Content that stands elsewhere (RFC 4287, 4.1.3.2).
    pub(super) fn out_of_line(&mut self, address: Cow<'a, str>, attrs: &Attrs<'a>) {
        let kind = attrs.get("type").unwrap_or_default();
        if kind.is_empty() || kind.contains("html") {
            self.name(Field::Link, 1, address);
        } else {
            self.enclosed(Enclosure { address, media_type: kind, ..Enclosure::default() }, Said::default());
        }
    }

    /// Takes a title, summary or content. Gives what is to be said of a text that an element of the same kind has put out.
    pub(super) fn text(&mut self, field: Field, rank: u8, text: Text<'a>) -> Option<&'static str> {
        let Some(draft) = &mut self.draft else {
            match field {
                Field::Title => take(&mut self.feed.title, &mut self.ranks.title, rank, text),
                Field::Summary => take(&mut self.feed.description, &mut self.ranks.summary, rank, text),
                _ => {}
            }
            return None;
        };
        let there = match field {
            Field::Summary => (draft.ranks.summary == rank).then_some(&draft.item.summary),
            Field::Content => (draft.ranks.content == rank).then_some(&draft.item.content),
            _ => None,
        };
        // What the other says as well is not lost.
        let is_lost = there.is_some_and(|there| !is_within(&there.value, &text.value));
        match field {
            Field::Title => take(&mut draft.item.title, &mut draft.ranks.title, rank, text),
            Field::Summary => draft.summary(rank, text),
            // Of several forms of one text the longest says the most.
            _ if rank == draft.ranks.content && draft.item.content.value.len() < text.value.len() => {
                draft.item.content = text;
            }
            _ => take(&mut draft.item.content, &mut draft.ranks.content, rank, text),
        }
        is_lost.then_some(match field {
            Field::Content => "an item has two texts in elements of one kind; the longer one was taken",
            _ => "an item has two summaries in elements of one kind; the first one was taken",
        })
    }

    pub(super) fn date(&mut self, field: Field, rank: u8, text: Cow<'a, str>, offset: usize) {
        let date = DateText { text, offset };
        match (field, &mut self.draft) {
            (Field::Published, Some(draft)) => {
                // A second one dates the item where the first cannot be read.
                let (first, too) = (&mut draft.item.published, &mut draft.item.published_too);
                if rank > draft.ranks.published {
                    let before = std::mem::replace(first, date);
                    draft.ranks.published = rank;
                    if !before.text.is_empty() {
                        *too = before.into();
                    }
                } else if too.text.is_empty() {
                    *too = date.into();
                }
            }
            (Field::Updated, Some(draft)) => take(&mut draft.item.updated, &mut draft.ranks.updated, rank, date),
            // What says of items when they were published says of a feed when it last changed.
            (Field::Published, None) => take(&mut self.feed.updated, &mut self.ranks.updated, 1, date),
            (Field::Updated, None) => take(&mut self.feed.updated, &mut self.ranks.updated, rank, date),
            (Field::UpdateBase, None) => self.feed.schedule.update_base = date,
            _ => {}
        }
    }

    /// Takes an id or a link.
    pub(super) fn name(&mut self, field: Field, rank: u8, value: Cow<'a, str>) {
        match (field, &mut self.draft) {
            (Field::Id, Some(draft)) => take(&mut draft.item.id, &mut draft.ranks.id, rank, value),
            (Field::Link, Some(draft)) => take(&mut draft.item.link, &mut draft.ranks.link, rank, value),
            (Field::Link, None) => take(&mut self.feed.link, &mut self.ranks.link, rank, value),
            _ => {}
        }
    }

    /// Takes a value of one line.
    pub(super) fn word(&mut self, field: Field, rank: u8, value: Cow<'a, str>) {
        match (field, &mut self.person) {
            (Field::PersonName, Some(person)) => return person.name = value,
            (Field::PersonAddress, Some(person)) => return person.address = value,
            (Field::MediaTitle | Field::MediaText | Field::MediaCredit | Field::MediaRights, _) => {
                return self.about_media(field, value);
            }
            _ => {}
        }
        match &mut self.draft {
            Some(draft) => draft.word(field, rank, value),
            None => self.feed_word(field, rank, value),
        }
    }

    fn feed_word(&mut self, field: Field, rank: u8, value: Cow<'a, str>) {
        let feed = &mut self.feed;
        match field {
            Field::Author if rank >= OWN => feed.authors.push(value),
            Field::Language => take(&mut feed.language, &mut self.ranks.language, rank, value),
            Field::Subtitle => {
                let text = Text { value, ..Text::default() };
                take(&mut feed.description, &mut self.ranks.summary, rank, text);
            }
            Field::Picture => take(&mut feed.picture, &mut self.ranks.picture, rank, value),
            Field::Ttl => feed.schedule.ttl = value.parse().ok(),
            Field::UpdatePeriod => feed.schedule.update_period = value,
            Field::UpdateFrequency => feed.schedule.update_frequency = value.parse().ok(),
            Field::SkipHour => feed.schedule.skip_hours.extend(value.parse::<u8>().ok().filter(|hour| *hour <= 24)),
            Field::SkipDay => feed.schedule.skip_days.push(value),
            Field::MovedTo => feed.relations.moved_to = value,
            _ => {}
        }
    }

    /// The feed, with its addresses absolute where that can be known.
    pub(super) fn finish(
        mut self,
        scope: &Scope<'a>,
        document: Option<&Url>,
        original: impl Fn(usize) -> usize,
    ) -> Feed<'a> {
        self.close_item();
        let feed = &mut self.feed;
        // A file is not asked where it lies, but what it says of where it stands on the web.
        let said = Url::parse(&feed.relations.this).ok().filter(|url| web_fault(url).is_none());
        let document = document.or(said.as_ref());
        let site = join(scope.address(self.base, document).as_ref(), &feed.link);
        // A feed may be fetched from a service of another name: what RSS leaves relative belongs to its site. Atom has
        // the address of the document (RFC 4287, 2; RFC 3986, 5.1.3).
        let start = match feed.format {
            Format::Atom => document.cloned().or(site),
            _ => site.filter(|_| !feed.link.is_empty()).or_else(|| document.cloned()),
        };
        feed.bases = scope.resolved_bases(start.as_ref());
        let beside = document.filter(|_| feed.format != Format::Atom);
        absolute_addresses(feed, self.base, beside);
        let places = feed
            .items
            .iter_mut()
            .flat_map(|item| [&mut item.offset, &mut item.published.offset, &mut item.updated.offset].into_iter());
        for place in places.chain([&mut feed.updated.offset, &mut feed.schedule.update_base.offset]) {
            *place = original(*place);
        }
        self.feed
    }
}

/// Whether one of two texts is the other, or a part of it.
fn is_within(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    // How an excerpt ends is not how the text goes on.
    long.contains(short.trim_end_matches(['.', '\u{2026}']))
}
