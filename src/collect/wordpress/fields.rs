//! Which elements of WXR hold which values.

use quick_xml::events::BytesStart;

use super::item::{Item, Term};
use super::names::Class;
use crate::collect::plain;

/// Terms of one item beyond which no export goes.
const MAX_TERMS: usize = 10_000;

/// What the innermost open element of several values is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    None,
    Author,
    Category,
    Comment,
    Meta,
}

/// Which value an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Link,
    Guid,
    Creator,
    PubDate,
    Date,
    DateGmt,
    Modified,
    ModifiedGmt,
    Content,
    Excerpt,
    Id,
    Name,
    Kind,
    Status,
    Password,
    Parent,
    Order,
    AttachmentUrl,
    Term,
    Language,
    BlogUrl,
    SiteUrl,
    Version,
    /// The values of a section: key or login or nicename or whether it is approved; value or display name or type; parent.
    First,
    Second,
    Third,
}

impl Field {
    /// The value that an element holds which stands in this section, of an item or of the channel.
    pub(super) fn of(section: Section, in_item: bool, class: Class, name: &str) -> Option<Self> {
        let names: &[&str] = match section {
            Section::None if in_item => return item_field(class, name),
            Section::None => return channel_field(class, name),
            Section::Author => &["author_login", "author_display_name"],
            Section::Category => &["category_nicename", "cat_name", "category_parent"],
            Section::Meta => &["meta_key", "meta_value"],
            Section::Comment => &["comment_approved", "comment_type"],
        };
        let at = names.iter().position(|known| class == Class::Wp && *known == name)?;
        [Self::First, Self::Second, Self::Third].get(at).copied()
    }
}

/// The values of the channel.
fn channel_field(class: Class, name: &str) -> Option<Field> {
    Some(match (class, name) {
        (Class::Plain, "link") => Field::Link,
        (Class::Plain, "language") => Field::Language,
        (Class::Wp, "base_blog_url") => Field::BlogUrl,
        (Class::Wp, "base_site_url") => Field::SiteUrl,
        (Class::Wp, "wxr_version") => Field::Version,
        _ => return None,
    })
}

/// The values of an item.
fn item_field(class: Class, name: &str) -> Option<Field> {
    Some(match (class, name) {
        (Class::Plain, "title") => Field::Title,
        (Class::Plain, "link") => Field::Link,
        (Class::Plain, "guid") => Field::Guid,
        (Class::Plain, "pubDate") => Field::PubDate,
        (Class::Plain, "category") => Field::Term,
        (Class::DublinCore, "creator") => Field::Creator,
        (Class::Content, "encoded") => Field::Content,
        (Class::Excerpt, "encoded") => Field::Excerpt,
        (Class::Wp, "post_id") => Field::Id,
        (Class::Wp, "post_date") => Field::Date,
        (Class::Wp, "post_date_gmt") => Field::DateGmt,
        (Class::Wp, "post_modified") => Field::Modified,
        (Class::Wp, "post_modified_gmt") => Field::ModifiedGmt,
        (Class::Wp, "post_name") => Field::Name,
        (Class::Wp, "post_type") => Field::Kind,
        (Class::Wp, "status") => Field::Status,
        (Class::Wp, "post_password") => Field::Password,
        (Class::Wp, "post_parent") => Field::Parent,
        (Class::Wp, "menu_order") => Field::Order,
        (Class::Wp, "attachment_url") => Field::AttachmentUrl,
        _ => return None,
    })
}

/// Puts a value into its item. Of a value that comes twice the first that is not empty counts.
pub(super) fn fill(item: &mut Item, field: Field, term: Term, value: String) {
    let place = match field {
        Field::Title => &mut item.title,
        Field::Link => &mut item.link,
        Field::Guid => &mut item.guid,
        Field::Creator => &mut item.creator,
        Field::PubDate => &mut item.pub_date,
        Field::Date => &mut item.date,
        Field::DateGmt => &mut item.date_gmt,
        Field::Modified => &mut item.modified,
        Field::ModifiedGmt => &mut item.modified_gmt,
        Field::Content => &mut item.content,
        Field::Excerpt => &mut item.excerpt,
        Field::Id => &mut item.id,
        Field::Name => &mut item.name,
        Field::Kind => &mut item.kind,
        Field::Status => &mut item.status,
        Field::Password => &mut item.password,
        Field::Parent => &mut item.parent,
        Field::Order => &mut item.order,
        Field::AttachmentUrl => &mut item.attachment_url,
        Field::Term => {
            if item.terms.len() < MAX_TERMS {
                item.terms.push(Term { name: value, ..term });
            }
            return;
        }
        _ => return,
    };
    if place.is_empty() {
        *place = value;
    }
}

/// Whether the value of a key of `wp:postmeta` says who may read a post: that of Jetpack's newsletters, of Members, and of
/// `WP-Members`.
pub(super) fn is_access(key: &str) -> bool {
    matches!(key, "_jetpack_newsletter_access" | "_members_access_role" | "_wpmem_block")
}

/// Whether the value of a key of `wp:postmeta` is kept.
pub(super) fn is_known_meta(key: &str) -> bool {
    matches!(key, "_thumbnail_id" | "_wp_attachment_image_alt" | "enclosure" | "footnotes") || is_access(key)
}

/// The value of an attribute, entities resolved; empty when it is not there.
pub(super) fn attribute(start: &BytesStart<'_>, wanted: &str) -> String {
    let found = start
        .html_attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.as_ref() == wanted)
        .map(|attribute| plain::decode_entities(&attribute.value).trim().to_owned());
    found.unwrap_or_default()
}
