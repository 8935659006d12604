//! Substack's export: a table of the posts, posts.csv, and a file of HTML for each in a folder beside it.

use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::Archive;

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

/// The table of the export that a file is one of the texts of, by its name: `140123456.spring-meeting.html`.
pub(in crate::collect) fn table_beside(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?.strip_suffix(".html")?;
    let (number, slug) = name.split_once('.')?;
    let is_text = number.len() > 3 && number.bytes().all(|byte| byte.is_ascii_digit()) && !slug.is_empty();
    is_text.then(|| table_of(file.parent()?))?
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

/// Reads the export whose table stands at `path`. `None` where it is none.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Option<Archive> {
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
        if let Some(audience) = cell("audience").filter(|audience| audience.trim() != "everyone") {
            archive.leave_out(&title, &format!("is held back by `audience: {}`", audience.trim()));
            continue;
        }
        let html = text_file(path, &id).and_then(|file| {
            let is_small = std::fs::metadata(&file).is_ok_and(|about| about.len() <= LARGEST);
            is_small.then(|| std::fs::read(&file).ok())?
        });
        let Some(html) = html else {
            archive.leave_out(&title, "has no text in the export");
            continue;
        };
        let mut item = Map::new();
        let number = id.split('.').next().unwrap_or(&id);
        item.insert("id".to_owned(), json!(format!("tag:substack.com,2017:{number}")));
        item.insert("title".to_owned(), json!(title));
        item.insert("content_html".to_owned(), json!(text_of(&html)));
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
        ../1404.out,2026-07-08T10:00:00.000Z,true,,newsletter,everyone,Out,,\n";

    #[test]
    fn what_everybody_may_read_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let (table, texts) = (root.path().join("posts.csv"), root.path().join("posts"));
        std::fs::create_dir(&texts).unwrap();
        std::fs::write(&table, TABLE).unwrap();
        for name in ["1401.spring-meeting", "1402.secret-plan", "1403.for-payers"] {
            std::fs::write(texts.join(format!("{name}.html")), "<p>Text</p>").unwrap();
        }
        let archive = read(&table, TABLE.as_bytes()).unwrap();
        assert_eq!(archive.items.len(), 1);
        let item = &archive.items[0];
        assert_eq!((item["title"].as_str(), item["summary"].as_str()), (Some("Spring, meeting"), Some("What we said")));
        assert_eq!(item["id"], "tag:substack.com,2017:1401");
        assert_eq!(
            archive.left_out,
            [
                "`Secret plan` is a draft",
                "`For payers` is held back by `audience: only_paid`",
                "`Out` has no text in the export",
            ]
        );
        for place in [root.path(), &table, &texts] {
            assert_eq!(table_of(place).as_ref(), Some(&table), "{}", place.display());
        }
        assert_eq!(table_beside(&texts.join("1402.secret-plan.html")), Some(table));
        assert_eq!(table_beside(&texts.join("secret-plan.html")), None);
        assert!(read(&texts, b"name,email\nAnn,ann@example.org\n").is_none());
    }
}
