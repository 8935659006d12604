//! Ghost's export: one file of JSON with the tables of its database.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::Archive;

/// What stands in texts for the address of their site.
const SITE: &str = "__GHOST_URL__";

/// No beginning is looked at further, in bytes.
const HEAD: usize = 4096;

/// Reads an export. `None` where it is none.
pub(super) fn read(bytes: &[u8], takes_pages: bool, site: Option<&str>) -> Option<Archive> {
    if !is_ghost(&String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)])) {
        return None;
    }
    let start = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    let whole: Value = serde_json::from_slice(&bytes[start..]).ok()?;
    let data = whole.get("db").and_then(|db| db.get(0)).unwrap_or(&whole);
    let data = data.get("data").unwrap_or(data);
    let posts = data.get("posts")?.as_array().filter(|posts| posts.iter().any(|post| post.get("slug").is_some()))?;
    let tables = Tables::of(data);
    let mut archive = Archive { title: tables.title(), ..Archive::default() };
    let site = site.unwrap_or_default().trim_end_matches('/');
    for post in posts {
        let title = word(post, "title");
        let is_page = word(post, "type") == "page" || post.get("page").is_some_and(is_yes);
        if is_page && !takes_pages {
            archive.pages += 1;
            continue;
        }
        match tables.refusal(post) {
            Some(why) => archive.leave_out(title, &why),
            None => archive.items.push(tables.item(post, site)),
        }
    }
    Some(archive)
}

/// Whether a file that begins so is probably such an export.
#[must_use]
pub fn is_ghost(head: &str) -> bool {
    let may_be = ["\"db\"", "\"exported_on\"", "\"posts\""].iter().any(|word| head.contains(word));
    let is_object = head.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    is_object && may_be && !head.contains("jsonfeed.org")
}

/// The tables that say more of posts, by what posts name them with.
struct Tables<'v> {
    settings: &'v [Value],
    tags: HashMap<String, Vec<&'v str>>,
    authors: HashMap<String, Vec<&'v str>>,
    users: HashMap<String, &'v str>,
    meta: HashMap<String, &'v Value>,
}

impl<'v> Tables<'v> {
    fn of(data: &'v Value) -> Self {
        let meta = rows(data, "posts_meta").iter().map(|row| (id(row, "post_id"), row)).collect();
        Self {
            settings: rows(data, "settings"),
            tags: joined(data, "posts_tags", "tag_id", "tags"),
            authors: joined(data, "posts_authors", "author_id", "users"),
            users: names(data, "users"),
            meta,
        }
    }

    fn title(&self) -> String {
        let title = self.settings.iter().find(|row| word(row, "key") == "title");
        title.map_or_else(|| "Ghost".to_owned(), |row| word(row, "value").to_owned())
    }

    /// Why a post is not for everybody, or not yet.
    fn refusal(&self, post: &Value) -> Option<String> {
        let (status, visibility) = (word(post, "status"), word(post, "visibility"));
        let is_by_mail = self.meta.get(&id(post, "id")).and_then(|meta| meta.get("email_only")).is_some_and(is_yes);
        match (status, visibility) {
            (_, "" | "public") if status == "published" && !is_by_mail => None,
            ("published", "" | "public") | ("sent", _) => Some("went out by mail alone".to_owned()),
            ("published", _) => Some(format!("is held back by `visibility: {visibility}`")),
            ("", _) => Some("does not say that it is published".to_owned()),
            _ => Some(format!("is held back by `status: {status}`")),
        }
    }

    fn item(&self, post: &Value, site: &str) -> Value {
        let key = id(post, "id");
        let meta = self.meta.get(&key);
        let mut item = Map::new();
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                item.insert(name.to_owned(), json!(value.replace(SITE, site)));
            }
        };
        say("id", if key.is_empty() { word(post, "slug") } else { &key });
        say("title", word(post, "title"));
        say("content_html", word(post, "html"));
        // What was made by other programs may say no day on which it was published; that of its last change would make it new.
        let published = [moment(post, "published_at"), moment(post, "created_at")];
        say("date_published", published.iter().find(|at| !at.is_empty()).map_or("", String::as_str));
        say("date_modified", &moment(post, "updated_at"));
        let excerpts = [word(post, "custom_excerpt"), meta.map_or("", |meta| word(meta, "meta_description"))];
        say("summary", excerpts.into_iter().find(|text| !text.is_empty()).unwrap_or_default());
        say(
            "image",
            [word(post, "feature_image"), word(post, "image")]
                .into_iter()
                .find(|at| !at.is_empty())
                .unwrap_or_default(),
        );
        say("language", word(post, "locale"));
        if !site.is_empty() {
            say("url", &format!("{site}/{}/", word(post, "slug")));
        }
        // Ghost's own tags for what is done with a post begin so.
        let tags = self.tags.get(&key).into_iter().flatten().filter(|tag| !tag.starts_with('#'));
        item.insert("tags".to_owned(), json!(tags.collect::<Vec<_>>()));
        // Older versions know one author of each post.
        let first = || self.users.get(&id(post, "author_id")).copied();
        let names = self.authors.get(&key).cloned().unwrap_or_else(|| first().into_iter().collect());
        let authors = names.iter().filter(|name| !name.is_empty()).map(|name| json!({ "name": name }));
        item.insert("authors".to_owned(), Value::Array(authors.collect()));
        Value::Object(item)
    }
}

/// The names of a table by its keys.
fn names<'v>(data: &'v Value, table: &str) -> HashMap<String, &'v str> {
    rows(data, table).iter().map(|row| (id(row, "id"), word(row, "name"))).collect()
}

/// The names that a table has for posts, by way of another.
fn joined<'v>(data: &'v Value, between: &str, key: &str, table: &str) -> HashMap<String, Vec<&'v str>> {
    let names = names(data, table);
    let mut ordered: Vec<&Value> = rows(data, between).iter().collect();
    ordered.sort_by_key(|row| row.get("sort_order").and_then(Value::as_u64));
    let mut joined: HashMap<String, Vec<&str>> = HashMap::new();
    for row in ordered {
        if let Some(name) = names.get(&id(row, key)).filter(|name| !name.is_empty()) {
            joined.entry(id(row, "post_id")).or_default().push(name);
        }
    }
    joined
}

fn rows<'v>(data: &'v Value, table: &str) -> &'v [Value] {
    data.get(table).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'v>(row: &'v Value, key: &str) -> &'v str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A time, which older versions have in milliseconds since 1970.
fn moment(row: &Value, key: &str) -> String {
    let written = id(row, key);
    let milliseconds = written.parse().ok().and_then(DateTime::from_timestamp_millis);
    milliseconds.map_or(written, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A key, which older versions have as a number.
fn id(row: &Value, key: &str) -> String {
    match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn is_yes(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_u64() == Some(1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;

    fn export(posts: &Value) -> Vec<u8> {
        json!({ "db": [{ "meta": { "version": "5.70.0" }, "data": {
            "posts": posts,
            "tags": [{ "id": "t", "name": "Ink" }, { "id": "u", "name": "#mail" }],
            "posts_tags": [{ "post_id": "1", "tag_id": "t" }, { "post_id": "1", "tag_id": "u" }],
            "users": [{ "id": "a", "name": "The editors" }],
            "posts_authors": [{ "post_id": "1", "author_id": "a" }],
            "posts_meta": [{ "post_id": "7", "email_only": 1 }],
            "settings": [{ "key": "title", "value": "The Compositor" }],
        } }] })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn what_everybody_may_read_is_taken() {
        let post = |id: &str, status: &str, visibility: &str| {
            json!({ "id": id, "title": id, "slug": id, "status": status, "visibility": visibility, "type": "post",
                    "html": "<p><img src=\"__GHOST_URL__/a.png\"></p>", "published_at": "2026-07-01T00:00:00.000Z" })
        };
        let page = json!({ "id": "9", "title": "About", "slug": "about", "status": "published", "type": "page" });
        let posts = json!([
            post("1", "published", "public"),
            post("2", "draft", "public"),
            post("3", "published", "members"),
            post("4", "published", "paid"),
            post("5", "scheduled", "public"),
            post("6", "sent", "public"),
            post("7", "published", "public"),
            page,
        ]);
        let archive = read(&export(&posts), false, Some("https://old.example/")).unwrap();
        assert_eq!((archive.items.len(), archive.pages, archive.title.as_str()), (1, 1, "The Compositor"));
        let item = &archive.items[0];
        assert_eq!(
            (&item["id"], &item["tags"], &item["url"]),
            (&json!("1"), &json!(["Ink"]), &json!("https://old.example/1/"))
        );
        assert_eq!(item["authors"], json!([{ "name": "The editors" }]));
        assert!(item["content_html"].as_str().unwrap().contains("\"https://old.example/a.png\""));
        assert_eq!(
            archive.left_out,
            [
                "`2` is held back by `status: draft`",
                "`3` is held back by `visibility: members`",
                "`4` is held back by `visibility: paid`",
                "`5` is held back by `status: scheduled`",
                "`6` went out by mail alone",
                "`7` went out by mail alone",
            ]
        );
        assert_eq!(read(&export(&posts), true, None).unwrap().items.len(), 2);
    }

    #[test]
    fn older_versions_have_numbers_for_times_and_one_author() {
        let post = json!({ "id": 3, "title": "Old", "slug": "old", "status": "published", "html": "<p>Old</p>", "page": 0,
            "author_id": 1, "published_at": 1_388_404_710_000_i64, "updated_at": 1_400_000_000_000_i64 });
        let undated = json!({ "id": 4, "title": "Undated", "slug": "undated", "status": "published", "html": "<p>Old</p>",
            "author_id": 1, "published_at": null, "created_at": "2013-05-01 10:00:00", "updated_at": "2026-07-01 10:00:00" });
        let data = json!({ "meta": { "version": "003" }, "data": {
            "posts": [post, undated], "users": [{ "id": 1, "name": "The editors" }] } });
        let archive = read(data.to_string().as_bytes(), false, None).unwrap();
        let item = &archive.items[0];
        assert_eq!((&item["id"], &item["date_published"]), (&json!("3"), &json!("2013-12-30T11:58:30Z")));
        assert_eq!(
            (&item["date_modified"], &item["authors"]),
            (&json!("2014-05-13T16:53:20Z"), &json!([{ "name": "The editors" }]))
        );
        assert_eq!(archive.items[1]["date_published"], "2013-05-01 10:00:00");
    }

    #[test]
    fn other_json_is_none() {
        for text in [
            "{}",
            "[]",
            "{\"version\": \"https://jsonfeed.org/version/1\", \"posts\": []}",
            "{\"posts\": [1]}",
            "<rss/>",
        ] {
            assert!(read(text.as_bytes(), false, None).is_none(), "{text}");
        }
    }
}
