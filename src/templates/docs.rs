//! docs/templates.md tells the truth: it lists every view with every field, and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::builtin::FILES;

type Fields = BTreeMap<String, BTreeSet<String>>;

const DOCUMENT: &str = include_str!("../../docs/templates.md");

const SOURCES: [&str; 16] = [
    include_str!("views/article.rs"),
    include_str!("views/enclosure.rs"),
    include_str!("views/issue.rs"),
    include_str!("views/mod.rs"),
    include_str!("views/publication.rs"),
    include_str!("../render/pdf/index.rs"),
    include_str!("../render/pdf/mod.rs"),
    include_str!("../render/web/edition.rs"),
    include_str!("../render/web/frame.rs"),
    include_str!("../render/web/issues.rs"),
    include_str!("../render/web/listing.rs"),
    include_str!("../render/web/posts.rs"),
    include_str!("../serve/subscriptions/change.rs"),
    include_str!("../serve/subscriptions/enter.rs"),
    include_str!("../serve/subscriptions/mail.rs"),
    include_str!("../serve/subscriptions/page.rs"),
];

/// The fields of each structure that is serialised, read from its source.
fn fields_in(source: &str) -> Fields {
    let mut fields = Fields::new();
    for part in source.split("Serialize)]\n").skip(1) {
        let Some((head, body)) = part.split_once("{\n") else { continue };
        let Some((_, name)) = head.split_once("struct ") else { continue };
        let name = name.split(['<', ' ']).next().unwrap_or_default().to_owned();
        let body = body.split("\n}").next().unwrap_or_default();
        let mut skipped = false;
        let own = fields.entry(name).or_default();
        for line in body.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            if line.starts_with("#[serde") {
                skipped = true;
            } else if let Some((field, _)) = line.split_once(':') {
                if !skipped {
                    own.insert(field.trim_start_matches("pub(super) ").trim_start_matches("pub ").to_owned());
                }
                skipped = false;
            }
        }
    }
    fields
}

/// The fields that the document lists under each heading of the third level.
fn fields_told() -> Fields {
    let mut fields = Fields::new();
    for part in DOCUMENT.split("\n### ").skip(1) {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        let body = body.split("\n## ").next().unwrap_or_default();
        let own = fields.entry(name.trim().to_owned()).or_default();
        for row in body.lines().filter(|line| line.starts_with("| `")) {
            let cell = row.split('|').nth(1).unwrap_or_default();
            own.extend(cell.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    fields
}

#[test]
fn every_view_and_field_is_told() {
    let mut found = Fields::new();
    for source in SOURCES {
        found.extend(fields_in(source));
    }
    assert_eq!(fields_told(), found);
}

#[test]
fn every_template_is_told() {
    for file in FILES.iter().filter(|file| !file.path.starts_with("strings/")) {
        assert!(DOCUMENT.contains(&format!("`{}`", file.path)), "{}", file.path);
    }
}
