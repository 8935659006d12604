//! Moving in: a post that was brought over, as a file of a folder of our own.
//!
//! Read again, the file gives the post that it was made from: the same id, address, dates, title and text. Its body is
//! the sanitised one, so it holds nothing that would not be published.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::SecondsFormat;
use chrono_tz::Tz;
use url::Url;

use crate::model::{Enclosure, Language, Post, fitting};

/// Bytes of a file's name; most file systems take 255.
const LONGEST: usize = 200;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedFile {
    /// Below the folder: `2013/2013-06-07-a-post.html`.
    pub path: PathBuf,
    /// The whole file.
    pub text: String,
}

/// The file of a post: front matter and HTML. Its dates are written by the clock of `zone`, and a language other than
/// `language` is in its name too. `nth` counts the posts of one day and one slug, from 1: each has a name of its own.
#[must_use]
pub fn file_of(post: &Post, zone: Tz, language: &Language, nth: usize) -> MovedFile {
    let day = post.published.map(|at| at.with_timezone(&zone).format("%Y-%m-%d").to_string());
    let name = match &day {
        Some(day) => format!("{day}-{}", post.slug),
        None => post.slug.clone(),
    };
    let mut name = fitting(name, LONGEST);
    if nth > 1 {
        let _ = write!(name, "-{nth}");
    }
    if post.language != *language {
        let _ = write!(name, ".{}", post.language);
    }
    let year = day.as_deref().and_then(|day| day.split('-').find(|part| !part.is_empty()));
    let path = year.map_or_else(PathBuf::new, PathBuf::from).join(format!("{name}.html"));
    MovedFile { path, text: format!("{}{}", front_matter(post, zone), body(post)) }
}

/// Whether a file that is there already is that of a post, by its id or the address that it keeps.
#[must_use]
pub fn is_file_of(text: &str, post: &Post) -> bool {
    let bare = |said: &str| said.trim_matches(['"', '\'']).to_owned();
    let names = |said: &str, own: &str| !own.is_empty() && (said == quoted(own) || bare(said) == own);
    text.lines().filter_map(|line| line.split_once(':')).any(|(key, value)| match key {
        "id" | "guid" => names(value.trim(), &post.id.0),
        "address" => names(value.trim(), &post.address),
        _ => false,
    })
}

fn front_matter(post: &Post, zone: Tz) -> String {
    let mut front = Front(String::from("---\n"));
    let date =
        |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false);
    front.line("title", Some(&marked(&post.title)));
    front.line("date", post.published.map(date).as_ref());
    front.line("updated", post.updated.map(date).as_ref());
    front.line("lang", Some(&post.language.to_string()));
    front.line("slug", Some(&post.slug));
    // An address or a URI is an id as it stands; any other word only where it is called a guid.
    front.line(if Url::parse(&post.id.0).is_ok() { "id" } else { "guid" }, Some(&post.id.0));
    front.line("address", Some(&post.address).filter(|address| !address.is_empty()));
    front.list("authors", post.authors.iter().map(|name| marked(name)));
    front.list("tags", post.tags.iter().cloned());
    front.list("categories", post.categories.iter().cloned());
    front.line(
        "section",
        post.section
            .as_ref()
            .filter(|section| post.categories.first() != Some(*section))
            .map(|section| marked(section))
            .as_ref(),
    );
    front.line("summary", post.summary.as_deref().map(marked).as_ref());
    if let Some(picture) = post.picture.as_ref().filter(|picture| !picture.lost) {
        front.line("image", Some(&picture.src));
        front.line("image_alt", Some(&marked(&picture.alt)).filter(|alt| !alt.is_empty()));
        front.line("image_caption", picture.caption.as_deref().map(marked).as_ref());
    }
    front.enclosures(post.enclosures.iter());
    if let Some(credit) = &post.credit {
        front.line("credit_name", Some(&marked(&credit.name)));
        front.line("credit_url", credit.url.as_ref());
    }
    if post.draft {
        front.0.push_str("draft: true\n");
    }
    front.0 + "---\n"
}

struct Front(String);

impl Front {
    fn line(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{key}: {}", quoted(value));
        }
    }

    fn list(&mut self, key: &str, values: impl Iterator<Item = String>) {
        let values: Vec<String> = values.map(|value| format!("\n  - {}", quoted(&value))).collect();
        if !values.is_empty() {
            let _ = writeln!(self.0, "{key}:{}", values.concat());
        }
    }
}

impl Front {
    /// Files as a list of mappings.
    fn enclosures<'e>(&mut self, files: impl Iterator<Item = &'e Enclosure>) {
        for (index, file) in files.enumerate() {
            if index == 0 {
                self.0.push_str("enclosures:\n");
            }
            let _ = writeln!(self.0, "  - url: {}", quoted(&file.address));
            let number = |number: Option<u64>| number.map(|number| number.to_string());
            let media_type = Some(file.media_type.clone()).filter(|media_type| !media_type.is_empty());
            let lines = [
                ("type", media_type),
                ("length", number(file.length)),
                ("duration", number(file.duration.map(u64::from))),
                ("title", file.title.as_deref().map(marked)),
            ];
            for (key, value) in lines {
                if let Some(value) = value {
                    let _ = writeln!(self.0, "    {key}: {}", quoted(&value));
                }
            }
        }
    }
}

/// A string as YAML has it in double quotes (YAML 1.2, 7.3.1).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text for a key that is read as Markdown: its marks are escaped.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The body: ids lose the slug before them, which they get when the file is read, and no brace looks like a template.
fn body(post: &Post) -> String {
    let html = post.body.as_str();
    let (id, link) = (format!(" id=\"{}--", post.slug), format!(" href=\"#{}--", post.slug));
    let bare = html.replace(&id, " id=\"").replace(&link, " href=\"#");
    let mut out = String::with_capacity(bare.len());
    let mut rest = bare.as_str();
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        rest = &after[1..];
        out.push_str(if rest.starts_with(['{', '%', ':', '#', '&']) { "&#123;" } else { "{" });
    }
    out.push_str(rest);
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{file_of, is_file_of, marked, quoted};
    use crate::collect::sanitise::{Addresses, Context, Sanitiser, Shown};
    use crate::collect::tests::{config, folder, now};
    use crate::collect::{collect, plain};
    use crate::model::{Credit, Enclosure, Language, Origin, Particulars, Picture, Post, PostId};

    struct Same;
    impl Addresses for Same {
        fn link(&mut self, href: &str) -> Option<String> {
            Some(href.to_owned())
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            Some(Shown { src: src.to_owned(), size: None })
        }
    }

    fn post(id: &str, title: &str, html: &str) -> Post {
        let context = Context { prefix: "a-post", title: Some(title) };
        Post {
            id: PostId(id.to_owned()),
            source: "posts".to_owned(),
            origin: Origin::Own,
            file: "export.xml".into(),
            slug: "a-post".to_owned(),
            address: "http://old.example/2013/06/a-post/".to_owned(),
            language: Language::parse("en").unwrap(),
            title: title.to_owned(),
            published: "2013-06-07T22:30:00Z".parse().ok(),
            first_seen: "2013-06-07T22:30:00Z".parse().unwrap(),
            updated: "2014-01-01T00:00:00.5Z".parse().ok(),
            draft: false,
            held_back: None,
            public: false,
            authors: vec!["The \"editors\" & [others]".to_owned()],
            tags: vec!["a, b".to_owned(), "c_d_e".to_owned()],
            categories: vec!["News: *all*".to_owned()],
            section: Some("Another_one_".to_owned()),
            summary: Some("In <short> & `plain` \\ words".to_owned()),
            picture: Some(Picture {
                src: "https://old.example/a.jpg?b=1&c=2".to_owned(),
                alt: "A *press*".to_owned(),
                caption: Some("1. A press".to_owned()),
                lost: false,
            }),
            body: Sanitiser::new().foreign(html, context, &mut Same),
            credit: Some(Credit { name: "A & B".to_owned(), url: Some("https://b.example/".to_owned()) }),
            aliases: Vec::new(),
            first_slug: None,
            first_place: None,
            particulars: Particulars::default(),
            enclosures: vec![
                Enclosure {
                    address: "https://old.example/talk.mp3?a=1&b".to_owned(),
                    media_type: "audio/mpeg".to_owned(),
                    length: Some(123_456),
                    duration: Some(3723),
                    title: Some("A *talk*: \"one\"".to_owned()),
                    kept: None,
                },
                Enclosure {
                    address: "https://old.example/report.pdf".to_owned(),
                    media_type: "application/pdf".to_owned(),
                    ..Enclosure::default()
                },
            ],
            assets: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let html = "<h2 id=\"x\">One</h2><p>{{ page.title }} {% include x %} {: .y} {# z #} {a} <a href=\"#x\">up</a> \
            <a href=\"https://e.example/{{x}}\">b</a></p><pre>{%\n\n%}</pre><img src=\"https://e.example/a.png\" alt=\"&quot;\">";
        for post in [
            post("http://old.example/?p=1", "A \"title\" & __more__: <b> # 1 \\ `x`", html),
            post("1234 of the old system", "- 'x' @y", "Text"),
        ] {
            let root = tempfile::tempdir().unwrap();
            let file = file_of(&post, "Europe/Tirane".parse().unwrap(), &post.language, 1);
            assert_eq!(file.path, Path::new("2013/2013-06-08-a-post.html"));
            let path = root.path().join("posts").join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.text).unwrap();
            let read = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
            assert_eq!(read.warnings, [], "{}", file.text);
            let again = read.value.posts.into_iter().next().unwrap();
            // A file ends with a line's end.
            assert_eq!(again.body.as_str().trim_end(), post.body.as_str());
            let again = Post { file: post.file.clone(), body: post.body.clone(), ..again };
            assert_eq!(again, post, "{}", file.text);
        }
    }

    #[test]
    fn posts_of_one_day_and_one_slug_have_files_of_their_own() {
        let one = post("https://old.example/?p=1", "Links", "<p>One</p>");
        let file = |post: &Post, nth| file_of(post, "UTC".parse().unwrap(), &Language::parse("fa").unwrap(), nth);
        assert_eq!(file(&one, 2).path, Path::new("2013/2013-06-07-a-post-2.en.html"));
        let other = Post { id: PostId("https://old.example/?p=2".into()), address: String::new(), ..one.clone() };
        assert!(is_file_of(&file(&one, 1).text, &one) && !is_file_of(&file(&one, 1).text, &other));
        assert!(is_file_of("---\naddress: http://old.example/2013/06/a-post/\n---\n", &one));
        assert!(is_file_of("---\nid: https://old.example/?p=2\n---\n", &other));
        let long = |end: &str| Post { slug: "ä".repeat(119) + end, ..one.clone() };
        let (a, b) = (file(&long("a"), 1).path, file(&long("b"), 1).path);
        assert!(a != b && a.file_name().unwrap().len() < 255);
    }

    #[test]
    fn words_are_quoted_as_their_readers_ask() {
        assert_eq!(quoted("a \"b\" \\ \u{7}\n"), "\"a \\\"b\\\" \\\\ \\u0007\\n\"");
        for text in ["*a* _b_ `c` [d](e) <f> &amp; \\", "1. x", "# x", "> x", "a  b", "- x", "x\\*y", "&#123;"] {
            assert_eq!(plain::from_markdown(&marked(text)), plain::one_line(text));
        }
    }
}
