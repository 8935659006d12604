//! The templates that come with the program: the files under templates/, embedded.

/// A built-in file: its path below templates/ and its text.
pub(super) struct Builtin {
    pub(super) path: &'static str,
    pub(super) text: &'static str,
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(Builtin { path: $path, text: include_str!(concat!("../../templates/", $path)) }),*]
    };
}

/// Every file, in the order of their paths; `strings/en.toml` is what other languages fall back to.
pub(super) const FILES: &[Builtin] = files![
    "article.hbs",
    "colophon.hbs",
    "contents.hbs",
    "email/issue.mjml.hbs",
    "email/issue.txt.hbs",
    "email/notice.hbs",
    "email/notice.txt.hbs",
    "feed/issue.hbs",
    "feed/post.hbs",
    "masthead.hbs",
    "pdf/issue.hbs",
    "pdf/print.css",
    "serve/layout.hbs",
    "serve/link.hbs",
    "serve/manage.hbs",
    "serve/message.hbs",
    "serve/question.hbs",
    "serve/style.css",
    "serve/subscribe.hbs",
    "strings/ar.toml",
    "strings/en.toml",
    "strings/fa.toml",
    "strings/sq.toml",
    "web/404.hbs",
    "web/entries.hbs",
    "web/footer.hbs",
    "web/header.hbs",
    "web/index.hbs",
    "web/issue.hbs",
    "web/issues.hbs",
    "web/layout.hbs",
    "web/list.hbs",
    "web/listing.hbs",
    "web/pager.hbs",
    "web/post.hbs",
    "web/series.hbs",
    "web/style.css",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::FILES;

    #[test]
    fn every_file_below_templates_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found: Vec<String> = walkdir::WalkDir::new(&root)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"))
            .collect();
        found.sort();
        assert_eq!(FILES.iter().map(|file| file.path).collect::<Vec<_>>(), found);
    }
}
