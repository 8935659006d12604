//! The documentation says what the program does.

use std::collections::BTreeSet;

use crate::publication::Publication;
use crate::tools::root;

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|cause| panic!("{path}: {cause}"))
}

/// The names of the fields of a struct in a source file.
fn fields(path: &str, name: &str) -> Vec<String> {
    let source = text(path);
    let start = source.find(&format!("struct {name} {{")).unwrap_or_else(|| panic!("{path} has no {name}"));
    let body = source[start..].split_once('{').unwrap().1.split_once("\n}").unwrap().0;
    body.lines()
        .map(|line| line.trim().trim_start_matches("pub(super) ").trim_start_matches("pub "))
        .filter(|line| !line.starts_with("//") && !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .map(|(field, _)| field.to_owned())
        .collect()
}

/// The part of a document between a heading and the next one of its rank or above.
fn part<'a>(document: &'a str, heading: &str) -> &'a str {
    let start = document.find(&format!("{heading}\n")).unwrap_or_else(|| panic!("there is no heading {heading:?}"));
    let rank = heading.chars().take_while(|c| *c == '#').count();
    let body = &document[start + heading.len()..];
    let end = (1..=rank).filter_map(|rank| body.find(&format!("\n{} ", "#".repeat(rank)))).min();
    &body[..end.unwrap_or(body.len())]
}

/// The names in the first column of a part's table.
fn documented(part: &str) -> BTreeSet<String> {
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_key_is_explained_and_no_other() {
    let document = text("docs/config.md");
    let tables = [
        (
            "### The publication",
            "src/config/read.rs",
            "RawConfig",
            &["edition", "source", "series", "list", "mail", "store", "fetch", "serve"][..],
        ),
        ("### `[edition.LANGUAGE]`: what it is called in other languages", "src/config/read.rs", "RawEdition", &[]),
        ("### `[[source]]`: where posts come from", "src/config/source.rs", "RawSource", &[]),
        ("### `[series.NAME]`: numbered lines of issues", "src/config/series.rs", "RawSeries", &[]),
        ("### `[list.NAME]`: mailing lists", "src/config/list.rs", "RawList", &[]),
        ("### `[mail]`", "src/config/mail.rs", "RawMail", &["relay", "dkim"]),
        ("### `[[mail.relay]]`: relays that stand by", "src/config/mail.rs", "RawRelay", &[]),
        ("### `[[mail.dkim]]`: keys that sign", "src/config/mail.rs", "RawDkim", &[]),
        ("### `[serve]`", "src/config/serve.rs", "RawServe", &[]),
        ("### `[store]`", "src/config/read.rs", "RawStore", &[]),
        ("### `[fetch]`: how sources on the web are asked", "src/config/fetch.rs", "RawFetch", &[]),
        ("## issue.toml: the editor's file of an issue", "src/assemble/editorial/read.rs", "RawEditorial", &[]),
    ];
    for (heading, file, name, tables_of_their_own) in tables {
        let keys: BTreeSet<String> =
            fields(file, name).into_iter().filter(|key| !tables_of_their_own.contains(&key.as_str())).collect();
        assert_eq!(documented(part(&document, heading)), keys, "{heading} against {name}");
    }
}

#[test]
fn the_smallest_configuration_of_the_documentation_works() {
    let document = text("docs/config.md");
    let example = document.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    Publication::new().config(example).short_post("2026-07-10-one.md", "One").publish().ok().freezes(&["newsletter/1"]);
}

#[test]
fn the_readme_names_the_two_commands_and_every_document() {
    let readme = text("README.md");
    for command in ["cargo run --release -- publish", "cargo test"] {
        assert!(readme.contains(command), "README.md does not say {command:?}");
    }
    for document in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = document.unwrap().file_name().into_string().unwrap();
        assert!(
            !name.ends_with(".md") || readme.contains(&format!("docs/{name}")),
            "README.md does not name docs/{name}"
        );
    }
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let mut documents = vec!["README.md".into(), "CONTRIBUTING.md".into(), "CHANGELOG.md".into()];
    documents.extend(crate::golden::files(&root().join("docs"), "md"));
    for document in documents {
        let path = root().join(&document);
        let text = std::fs::read_to_string(&path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            if !target.contains("://") && !target.is_empty() {
                assert!(path.parent().unwrap().join(target).exists(), "{} leads to {target}", document.display());
            }
        }
    }
}

#[test]
fn every_verb_in_the_documents_exists() {
    let publication = Publication::new();
    let help = publication.run(&["--help"]).ok().stdout;
    for document in ["README.md", "docs/config.md", "docs/mail.md", "docs/operations.md"] {
        let text = text(document);
        for rest in text.split("`masthead ").skip(1).chain(text.split("\nmasthead ").skip(1)) {
            let verb: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(verb.is_empty() || help.contains(&format!("\n  {verb} ")), "{document} names `masthead {verb}`");
        }
    }
}

#[test]
fn the_changelog_has_a_place_for_what_comes() {
    assert!(text("CHANGELOG.md").contains("\n## [Unreleased]\n"));
}
