//! An export as it is written: every value as it stands.

use std::collections::BTreeMap;

use super::stream::Position;

/// A term of an item: a category, a tag, a format, an author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// The taxonomy; empty where the item names none.
    pub(super) domain: String,
    pub(super) nicename: String,
    pub(super) name: String,
}

/// An `<item>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Which of the export's files it stands in, and where.
    pub(super) file: usize,
    pub(super) at: Position,
    pub(super) title: String,
    pub(super) link: String,
    pub(super) guid: String,
    pub(super) creator: String,
    pub(super) pub_date: String,
    pub(super) date: String,
    pub(super) date_gmt: String,
    pub(super) modified: String,
    pub(super) modified_gmt: String,
    pub(super) content: String,
    /// Where `content` begins.
    pub(super) content_at: Position,
    pub(super) excerpt: String,
    pub(super) id: String,
    pub(super) name: String,
    /// `wp:post_type`.
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) password: String,
    pub(super) parent: String,
    pub(super) order: String,
    pub(super) attachment_url: String,
    pub(super) terms: Vec<Term>,
    /// `_thumbnail_id`: the attachment that leads it.
    pub(super) thumbnail: String,
    /// `_wp_attachment_image_alt`.
    pub(super) alt: String,
    /// `enclosure`: address, length and type, a line each.
    pub(super) enclosures: Vec<String>,
    /// `footnotes`: the texts of its notes, as JSON.
    pub(super) footnotes: String,
    /// Whether some readers of its site alone may read it.
    pub(super) reserved: bool,
    /// All that the export has.
    pub(super) comments: usize,
    /// Those that readers of the site see.
    pub(super) shown_comments: usize,
}

impl Item {
    /// An item that begins here, empty.
    pub(super) fn new(file: usize, at: Position) -> Self {
        let empty = String::new;
        Self {
            file,
            at,
            title: empty(),
            link: empty(),
            guid: empty(),
            creator: empty(),
            pub_date: empty(),
            date: empty(),
            date_gmt: empty(),
            modified: empty(),
            modified_gmt: empty(),
            content: empty(),
            content_at: at,
            excerpt: empty(),
            id: empty(),
            name: empty(),
            kind: empty(),
            status: empty(),
            password: empty(),
            parent: empty(),
            order: empty(),
            attachment_url: empty(),
            terms: Vec::new(),
            thumbnail: empty(),
            alt: empty(),
            enclosures: Vec::new(),
            footnotes: empty(),
            reserved: false,
            comments: 0,
            shown_comments: 0,
        }
    }

    /// What it is called in a message.
    pub(super) fn called(&self) -> String {
        let title = crate::collect::plain::title_from_html(&self.title);
        match (title.is_empty(), self.id.is_empty()) {
            (false, _) => format!("`{title}`"),
            (true, false) => format!("item {}", self.id),
            (true, true) => "an item".to_owned(),
        }
    }
}

/// A category, by its nicename.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) name: String,
    /// The nicename of the one above it.
    pub(super) parent: String,
}

/// What the channel says, before and beside its items.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Channel {
    pub(super) link: String,
    pub(super) language: String,
    /// `wp:base_blog_url`, `wp:base_site_url`.
    pub(super) blog_url: String,
    pub(super) site_url: String,
    pub(super) version: String,
    /// Display names by login, and by the nicename that co-authors are filed under.
    pub(super) authors: BTreeMap<String, String>,
    pub(super) categories: BTreeMap<String, Category>,
}

impl Channel {
    /// The address under which the site's pages stand.
    pub(super) fn base(&self) -> &str {
        let named = [&self.blog_url, &self.link, &self.site_url];
        named.into_iter().find(|url| url.starts_with("http")).map_or("", String::as_str)
    }
}
