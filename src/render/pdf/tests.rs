use std::sync::Arc;

use super::{html, pdf};
use crate::model::{Issue, Section};
use crate::render::samples::{issue, post};
use crate::templates::Templates;
use crate::typeset::Resources;
use crate::typeset::fonts::Fonts;

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _: &str) -> Option<Arc<[u8]>> {
        None
    }
}

fn persian() -> Issue {
    issue(
        "fa",
        "خبرنامه",
        vec![post(1, "fa", "نیم‌فاصله", "<h2>یک</h2><p>می‌رود</p>"), post(2, "fa", "دو", "<p>متن</p>")],
    )
}

fn set(issue: &Issue) -> Vec<u8> {
    let warned = pdf(issue, &Templates::builtin(), &NoPictures, &Fonts::builtin()).unwrap();
    assert_eq!(warned.warnings, []);
    warned.value
}

#[test]
fn the_document_has_masthead_contents_articles_and_colophon() {
    let html = html(&persian(), &Templates::builtin()).unwrap();
    for part in [
        "<html lang=\"fa\" dir=\"rtl\">",
        "<title>The Compositor: خبرنامه شمارهٔ ۹۴</title>",
        "counter(page, persian)",
        "<a href=\"#post-1\">",
        "<article class=\"article\" id=\"post-1\"",
        "<h3 class=\"title\">نیم‌فاصله</h3>",
        "<h4>یک</h4>",
        "<footer class=\"colophon\">",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[test]
fn the_stylesheet_asks_only_for_what_the_typesetter_knows() {
    let mut volume = persian();
    volume.series.binds = Some("newsletter".to_owned());
    volume.sections = vec![Section { issue: Some(1), ..volume.sections.remove(0) }];
    set(&volume);
}

#[test]
fn the_same_issue_gives_the_same_file_dated_by_its_revision() {
    let file = set(&persian());
    assert_eq!(file, set(&persian()));
    let document = lopdf::Document::load_mem(&file).unwrap();
    assert!(!document.get_pages().is_empty());
    let information = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference).unwrap();
    let information = document.get_dictionary(information).unwrap();
    let text = |key: &[u8]| lopdf::decode_text_string(information.get(key).unwrap()).unwrap();
    assert_eq!(text(b"Title"), "The Compositor: خبرنامه شمارهٔ ۹۴");
    assert_eq!(text(b"Author"), "The Compositor Society");
    assert!(text(b"ModDate").starts_with("D:20260801060000"), "{}", text(b"ModDate"));
}
