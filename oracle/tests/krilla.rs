//! Holds our files against those of krilla.

use std::process::Command;
use std::sync::Arc;

use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, layout, write};
use masthead_oracle::written;
use tempfile::TempDir;

struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// Pages, links, and words in their order.
fn facts(folder: &TempDir, pdf: &[u8]) -> Option<(usize, usize, String)> {
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, pdf).unwrap();
    let Ok(output) = Command::new("pdftotext").arg(&path).arg("-").output() else {
        assert!(std::env::var("MASTHEAD_TEST_ALL").is_err(), "pdftotext is not installed");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap().replace("\u{AD}\n", "");
    let ours = |c| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{AD}');
    let text: String = text.chars().filter(|c| !ours(*c)).collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages = document.get_pages();
    let links = pages.values().map(|page| document.get_page_annotations(*page).map_or(0, |all| all.len())).sum();
    Some((pages.len(), links, words))
}

#[test]
fn krilla_says_the_same_of_the_same_display_list() {
    let fonts = Fonts::builtin();
    let folder = TempDir::new().unwrap();
    let everything = include_str!("../../tests/suite/conformance/everything.html");
    let (head, body) = everything.split_once("<body>").unwrap();
    let body = body.split("</body>").next().unwrap();
    // Without pictures, which are the same bytes in both files.
    let body: String = body.split("<img").map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect();
    let persian = "<h2>نیم‌فاصله</h2><p>نیم‌فاصله حروف را از هم جدا می‌کند و واژه را یک‌پارچه نگه می‌دارد؛ شماره‌ی ۱۴۰۵ و HTML را ببینید.</p>";
    for (name, html, most) in [
        ("everything", format!("{head}<body>{body}"), 1.15),
        (
            "english",
            format!(
                "{head}<body>{}",
                "<h2>Type</h2><p>Words, and more words, set in lines of even length.</p>".repeat(400)
            ),
            1.1,
        ),
        ("persian", format!("<html lang=fa dir=rtl><title>t</title>{}", persian.repeat(200)), 1.1),
    ] {
        let options = Options { html_name: name, base_language: "en", ..Options::default() };
        let document = layout(&html, &options, &NoPictures, &fonts).value;
        let ours = write::pdf(&document, &fonts).unwrap();
        let theirs = written(&document, &fonts);
        let (Some(own), Some(other)) = (facts(&folder, &ours), facts(&folder, &theirs)) else { return };
        assert_eq!((own.0, own.1), (other.0, other.1), "{name}: pages and links");
        assert_eq!(own.2, other.2, "{name}: words");
        let ratio = ours.len() as f64 / theirs.len() as f64;
        println!("{name}: {} bytes, krilla {} ({ratio:.2})", ours.len(), theirs.len());
        assert!(ratio < most, "{name}: {ratio:.2} of krilla's size");
    }
}
