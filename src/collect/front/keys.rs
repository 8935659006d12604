//! The keys of front matter: ours, and those that other programs' users write.

/// The keys that mean something here, with their other names.
pub(super) const KNOWN: [&str; 81] = [
    "title",
    "date",
    "publishDate",
    "publish_date",
    "pubDate",
    "published_at",
    "updated",
    "lastmod",
    "last_modified_at",
    "modified",
    "expiryDate",
    "expires",
    "slug",
    "permalink",
    "path",
    "url",
    "address",
    "aliases",
    "redirect_from",
    "id",
    "guid",
    "draft",
    "private",
    "hidden",
    "public",
    "published",
    "status",
    "tags",
    "tag",
    "keywords",
    "categories",
    "category",
    "taxonomies",
    "author",
    "authors",
    "section",
    "summary",
    "description",
    "excerpt",
    "subtitle",
    "image",
    "images",
    "featured_image",
    "feature_image",
    "cover",
    "thumbnail",
    "hero_image",
    "enclosure",
    "enclosures",
    "attachment",
    "attachments",
    "audio",
    "video",
    "videos",
    "duration",
    "image_alt",
    "image_caption",
    "image_figcaption",
    "lang",
    "language",
    "locale",
    "extra",
    "credit",
    "credit_name",
    "credit_url",
    "source_name",
    "source_url",
    "untranslated",
    "standing",
    "order",
    "weight",
    "layout",
    "type",
    "template",
    "name",
    "menu",
    "toc",
    "math",
    "comments",
    "version",
    "class",
];

/// Keys near one of ours that other generators give a meaning of their own.
const FOREIGN: [&str; 29] = [
    "data",
    "date_modified",
    "dates",
    "text",
    "title_tag",
    "titles",
    "linkTitle",
    "subject",
    "sections",
    "slugs",
    "link",
    "links",
    "long",
    "short",
    "page",
    "pages",
    "part",
    "parts",
    "paths",
    "urls",
    "auth",
    "over",
    "state",
    "stats",
    "late",
    "uid",
    "gid",
    "maths",
    "stage",
];

/// Whether a key means something here, in whatever case.
pub(super) fn is_known(key: &str) -> bool {
    super::held::is_key(key) || super::lead::is_key(key) || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The known key that `key` was probably meant to be: one slip away, two in a long word.
pub(super) fn probably_meant(key: &str) -> Option<&'static str> {
    let lower = key.to_lowercase();
    let is = |name: &&str| name.eq_ignore_ascii_case(&lower);
    if is_known(key) || FOREIGN.iter().any(is) || lower.len() < 3 {
        return None;
    }
    KNOWN
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance <= if name.len() < 8 { 1 } else { 2 })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::probably_meant;

    #[test]
    fn slips_are_found_and_foreign_keys_are_left_alone() {
        assert_eq!(probably_meant("titel"), Some("title"));
        assert_eq!(probably_meant("dat"), Some("date"));
        assert_eq!(probably_meant("tgas"), Some("tags"));
        assert_eq!(probably_meant("descripton"), Some("description"));
        for key in
            ["hero", "team", "release", "layout", "prev", "next", "related", "index_html", "sort_by", "tumblr_url"]
        {
            assert_eq!(probably_meant(key), None, "{key}");
        }
    }
}
