//! Exports that nobody in this project wrote: every item is a post, left out with a reason, or counted.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::golden;
use crate::publication::Publication;
use crate::tools::corpus;

/// Export, posts, other posts, items of other kinds.
const EXPORTS: &str = include_str!("exports.txt");

/// What the program says of an export.
fn collected(export: &Path) -> Value {
    let publication = Publication::new().config(&format!(
        "title = \"Blog\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nwordpress = {:?}\n",
        export.display().to_string()
    ));
    publication.run(&["collect", "--json"]).ok().json()
}

fn counts(json: &Value) -> String {
    let kinds: BTreeMap<&str, u64> = json["counted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|counted| (counted["kind"].as_str().unwrap(), counted["count"].as_u64().unwrap()))
        .collect();
    let kinds: Vec<String> = kinds.into_iter().map(|(kind, count)| format!("{kind}:{count}")).collect();
    let kinds = if kinds.is_empty() { "-".to_owned() } else { kinds.join(",") };
    let length = |key: &str| json[key].as_array().unwrap().len();
    format!("{} {} {kinds}", length("posts"), length("left_out"))
}

#[test]
fn every_item_of_every_export_is_accounted_for() {
    let Some(folder) = corpus("wxr") else { return };
    let lines = EXPORTS.lines().filter(|line| !line.starts_with('#'));
    let expected: BTreeMap<&str, &str> = lines.map(|line| line.split_once(' ').unwrap()).collect();
    let files = golden::files(&folder, "xml");
    assert_eq!(files.len(), expected.len(), "exports.txt names every export of the corpus");
    let mut wrong = Vec::new();
    for path in files {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let json = collected(&path);
        let reasons = json["left_out"].as_array().unwrap();
        assert!(reasons.iter().all(|one| !one["reason"].as_str().unwrap().is_empty()), "{name}");
        let (ours, theirs) = (counts(&json), expected[&*name]);
        if ours != theirs.trim_end_matches(" *") {
            wrong.push(format!("{name}: {ours}, not {theirs}"));
        }
        let is_told = !json["warnings"].as_array().unwrap().is_empty();
        if theirs.ends_with(" *") && !is_told {
            wrong.push(format!("{name} is broken, and nothing says so"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_export_becomes_issues() {
    let Some(folder) = corpus("wxr") else { return };
    let export = folder.join("theme-test-data/themeunittestdata.wordpress.xml");
    let publication = Publication::new().config(&format!(
        "title = \"Blog\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nwordpress = {:?}\n\n\
         [series.newsletter]\ntitle = \"Newsletter\"\nwindow = \"yearly\"\nsince = 2008-01-01\n",
        export.display().to_string()
    ));
    let report = publication.publish().ok().json();
    let issues = report["issues"].as_array().unwrap().len();
    assert!(issues >= 3, "{issues}");
    assert_eq!(publication.publish().ok().json()["written"], 0);
}
