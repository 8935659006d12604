//! Substack's export: a table of the posts, posts.csv, and a file of HTML for each in a folder beside it.

use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::{Archive, buttons};

/// What the table is called.
const TABLE: &str = "posts.csv";

/// The folder of the texts beside it.
const TEXTS: &str = "posts";

/// Columns that such a table has.
const COLUMNS: [&str; 3] = ["post_id", "is_published", "audience"];

/// No text is larger, in bytes.
const LARGEST: u64 = 32 << 20;

/// The table of an export that `path` names: itself, its folder, or the folder of its texts.
#[must_use]
pub fn table_of(path: &Path) -> Option<PathBuf> {
    let beside = path.is_dir().then(|| [Some(path.join(TABLE)), path.parent().map(|above| above.join(TABLE))]);
    let is_name = path.file_name().is_some_and(|name| name == TABLE);
    let own = (is_name && path.is_file()).then(|| path.to_path_buf());
    let mut places = own.into_iter().chain(beside.into_iter().flatten().flatten());
    places.find(|place| is_table(place))
}

/// The table of the export that a file is one of the texts of, by its name: `140123456.spring-meeting.html`, or `140123456.html`
/// of a post without a slug. A number that may be another's is looked up in the table.
pub(in crate::collect) fn table_beside(file: &Path) -> Option<PathBuf> {
    let bare = file
        .extension()
        .filter(|ending| ending.eq_ignore_ascii_case("html"))
        .and_then(|_| file.file_stem()?.to_str())?;
    let (number, slug) = bare.split_once('.').unwrap_or((bare, ""));
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let table = table_of(file.parent()?)?;
    let is_text = number.len() > if slug.is_empty() { 5 } else { 3 };
    (is_text || has_post(&table, number)).then_some(table)
}

/// Whether a table has a post of this number.
fn has_post(table: &Path, number: &str) -> bool {
    let Ok(mut table) = csv::ReaderBuilder::new().flexible(true).from_path(table) else { return false };
    let at = table
        .byte_headers()
        .ok()
        .and_then(|columns| columns.iter().position(|column| text_of(column).contains("post_id")));
    let is_it = |id: &[u8]| id.split(|byte| *byte == b'.').next() == Some(number.as_bytes());
    table.byte_records().filter_map(Result::ok).any(|row| at.and_then(|at| row.get(at)).is_some_and(is_it))
}

fn is_table(path: &Path) -> bool {
    use std::io::Read as _;
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(1000).read_to_end(&mut head));
    read.is_ok() && has_columns(&head)
}

fn has_columns(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let columns: Vec<&str> = first.split(',').map(|column| column.trim().trim_matches('"')).collect();
    COLUMNS.iter().all(|column| columns.contains(column))
}

/// Reads the export whose table stands at `path`; its posts stood below `p/` of their `site`. `None` where it is none.
pub(super) fn read(path: &Path, bytes: &[u8], site: Option<&str>) -> Option<Archive> {
    if !has_columns(&bytes[..bytes.len().min(1000)]) {
        return None;
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns: Vec<String> = table.byte_headers().ok()?.iter().map(text_of).collect();
    let mut archive = Archive { title: "Substack".to_owned(), ..Archive::default() };
    for row in table.byte_records().filter_map(Result::ok) {
        let cell = |name: &str| {
            let at = columns.iter().position(|column| column.trim() == name)?;
            row.get(at).map(text_of).filter(|text| !text.trim().is_empty())
        };
        let id = cell("post_id").unwrap_or_default();
        let title = cell("title").unwrap_or_else(|| id.split_once('.').map_or(&*id, |(_, slug)| slug).to_owned());
        if cell("is_published").is_none_or(|said| !said.trim().eq_ignore_ascii_case("true")) {
            archive.leave_out(&title, "is a draft");
            continue;
        }
        let audience = cell("audience").unwrap_or_default();
        if audience.trim() != "everyone" {
            archive.leave_out(&title, &held_back(audience.trim()));
            continue;
        }
        let text = text_file(path, &id).and_then(|file| {
            let is_small = std::fs::metadata(&file).is_ok_and(|about| about.len() <= LARGEST);
            let html = is_small.then(|| std::fs::read(&file).ok())??;
            Some((file, html))
        });
        let Some((file, html)) = text else {
            archive.leave_out(&title, "has no text in the export");
            continue;
        };
        let mut item = Map::new();
        let (number, slug) = id.split_once('.').unwrap_or((&id, ""));
        let name = format!("tag:substack.com,2017:{number}");
        archive.texts.insert(name.clone(), file);
        item.insert("id".to_owned(), json!(name));
        item.insert("title".to_owned(), json!(title));
        item.insert("content_html".to_owned(), json!(buttons::without(&text_of(&html))));
        if let Some(site) = site.filter(|_| !slug.is_empty()) {
            item.insert("url".to_owned(), json!(format!("{}/p/{slug}", site.trim_end_matches('/'))));
        }
        for (name, column) in [("date_published", "post_date"), ("summary", "subtitle")] {
            if let Some(said) = cell(column) {
                item.insert(name.to_owned(), json!(said));
            }
        }
        if let Some(sound) = cell("podcast_url").filter(|url| url.starts_with("http")) {
            item.insert("attachments".to_owned(), json!([{ "url": sound, "mime_type": "audio/mpeg" }]));
        }
        archive.items.push(item.into());
    }
    Some(archive)
}

fn held_back(audience: &str) -> String {
    match audience {
        "" => "does not say for whom it is: its `audience` is empty".to_owned(),
        _ => format!("is held back by `audience: {audience}`"),
    }
}

fn text_of(bytes: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(bytes.as_ref()).into_owned()
}

/// The text of a post: a file of its name, in the folder beside the table or in that of the table.
fn text_file(table: &Path, id: &str) -> Option<PathBuf> {
    let is_name = !id.is_empty() && !id.contains(['/', '\\', '\0', ':']) && !id.starts_with('.');
    let folder = table.parent().filter(|_| is_name)?;
    let name = format!("{id}.html");
    [folder.join(TEXTS).join(&name), folder.join(&name)].into_iter().find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::{read, table_beside, table_of};

    const TABLE: &str = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n\
        1401.spring-meeting,2026-07-05T10:00:00.000Z,true,,newsletter,everyone,\"Spring, meeting\",What we said,\n\
        1402.secret-plan,,false,,newsletter,everyone,Secret plan,,\n\
        1403.for-payers,2026-07-08T10:00:00.000Z,true,,newsletter,only_paid,For payers,,\n\
        ../1404.out,2026-07-08T10:00:00.000Z,true,,newsletter,everyone,Out,,\n\
        1405.for-whom,2026-07-08T10:00:00.000Z,true,,newsletter,,For whom,,\n\
        26,,false,,newsletter,everyone,Early,,\n";

    #[test]
    fn what_everybody_may_read_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let (table, texts) = (root.path().join("posts.csv"), root.path().join("posts"));
        std::fs::create_dir(&texts).unwrap();
        std::fs::write(&table, TABLE).unwrap();
        for name in ["1401.spring-meeting", "1402.secret-plan", "1403.for-payers"] {
            std::fs::write(texts.join(format!("{name}.html")), "<p>Text</p>").unwrap();
        }
        let archive = read(&table, TABLE.as_bytes(), Some("https://club.example/")).unwrap();
        assert_eq!(archive.items.len(), 1);
        let item = &archive.items[0];
        assert_eq!((item["title"].as_str(), item["summary"].as_str()), (Some("Spring, meeting"), Some("What we said")));
        assert_eq!(item["id"], "tag:substack.com,2017:1401");
        assert_eq!(item["url"], "https://club.example/p/spring-meeting");
        assert_eq!(archive.texts["tag:substack.com,2017:1401"], texts.join("1401.spring-meeting.html"));
        assert_eq!(
            archive.left_out,
            [
                "`Secret plan` is a draft",
                "`For payers` is held back by `audience: only_paid`",
                "`Out` has no text in the export",
                "`For whom` does not say for whom it is: its `audience` is empty",
                "`Early` is a draft",
            ]
        );
        for place in [root.path(), &table, &texts] {
            assert_eq!(table_of(place).as_ref(), Some(&table), "{}", place.display());
        }
        for name in
            ["1402.secret-plan.html", "140000018.html", "140000019..html", "140000020.HTML", "26.html", "1405.html"]
        {
            assert_eq!(table_beside(&texts.join(name)).as_ref(), Some(&table), "{name}");
        }
        for name in ["secret-plan.html", "2026.html", "27.html", "140000018.md"] {
            assert_eq!(table_beside(&texts.join(name)), None, "{name}");
        }
        assert!(read(&texts, b"name,email\nAnn,ann@example.org\n", None).is_none());
    }
}
