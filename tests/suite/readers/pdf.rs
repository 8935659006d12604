//! PDFs, read by lopdf, poppler and qpdf.

use lopdf::{Dictionary, Document, Object};

use crate::publication::Publication;
use crate::samples::bilingual;
use crate::tools::output_of;

fn english(publication: &Publication) -> String {
    publication.path("public/newsletter/1/newsletter-1.pdf").display().to_string()
}

fn persian(publication: &Publication) -> String {
    publication.path("public/khabarname/1/khabarname-1.pdf").display().to_string()
}

fn text_of(value: &Object) -> String {
    lopdf::decode_text_string(value).unwrap()
}

/// The annotations of all pages.
fn annotations(document: &Document) -> Vec<&Dictionary> {
    document.get_pages().values().flat_map(|page| document.get_page_annotations(*page).unwrap_or_default()).collect()
}

fn action<'a>(document: &'a Document, annotation: &'a Dictionary) -> Option<&'a Dictionary> {
    annotation.get_deref(b"A", document).ok()?.as_dict().ok()
}

/// The addresses on the web that a PDF links to.
pub(crate) fn links(path: &std::path::Path) -> Vec<String> {
    let document = Document::load(path).unwrap();
    let address =
        |annotation: &Dictionary| Some(text_of(action(&document, annotation)?.get_deref(b"URI", &document).ok()?));
    annotations(&document).into_iter().filter_map(address).collect()
}

/// The titles of the bookmarks below a node of the outline, in order.
fn bookmarks(document: &Document, node: &Dictionary) -> Vec<String> {
    let mut titles = Vec::new();
    let mut next = node.get_deref(b"First", document).ok();
    while let Some(item) = next.map(|item| item.as_dict().unwrap()) {
        assert!(item.has(b"Dest") || item.has(b"A"), "a bookmark that leads nowhere");
        titles.push(text_of(item.get_deref(b"Title", document).unwrap()));
        titles.extend(bookmarks(document, item));
        next = item.get_deref(b"Next", document).ok();
    }
    titles
}

#[test]
fn the_document_says_what_it_is() {
    let publication = bilingual().published();
    for (path, language, title) in [(english(&publication), "en", "92"), (persian(&publication), "fa", "خبرنامه")]
    {
        let document = Document::load(&path).unwrap();
        let catalog = document.catalog().unwrap();
        assert_eq!(text_of(catalog.get_deref(b"Lang", &document).unwrap()), language);
        let information = document.trailer.get_deref(b"Info", &document).unwrap().as_dict().unwrap();
        let said = text_of(information.get_deref(b"Title", &document).unwrap());
        assert!(said.contains(title), "{said}");
        assert!(!document.get_pages().is_empty());
    }
}

#[test]
fn contents_links_and_bookmarks_lead_to_pages() {
    let publication = bilingual().published();
    let document = Document::load(english(&publication)).unwrap();
    let mut inner = 0;
    let mut addresses = Vec::new();
    for annotation in annotations(&document) {
        if annotation.get(b"Dest").is_ok() {
            inner += 1;
        } else if let Some(action) = action(&document, annotation) {
            match action.get_deref(b"S", &document).and_then(Object::as_name).unwrap() {
                b"GoTo" => inner += 1,
                b"URI" => addresses.push(text_of(action.get_deref(b"URI", &document).unwrap())),
                other => panic!("an action of kind {}", String::from_utf8_lossy(other)),
            }
        }
    }
    assert!(inner >= 3, "the contents list links to {inner} places");
    assert!(addresses.iter().any(|address| address == "https://example.org/rfc5005"), "{addresses:?}");
    let outline = document.catalog().unwrap().get_deref(b"Outlines", &document).unwrap().as_dict().unwrap();
    let bookmarks = bookmarks(&document, outline);
    for title in ["A line of type", "How it went", "Feeds that turn their pages", "About us"] {
        assert!(bookmarks.iter().any(|bookmark| bookmark == title), "there is no bookmark {title:?} in {bookmarks:?}");
    }
}

#[test]
fn poppler_reads_the_text_as_it_was_written() {
    let publication = bilingual().published();
    let Some(english) = output_of("pdftotext", &[&english(&publication), "-"]) else { return };
    for words in ["A line of type", "Late at night", "fn cast(line: &str)", "About us", "Every line a slug."] {
        assert!(english.contains(words), "the PDF does not say {words:?}:\n{english}");
    }
    let ours = |c| matches!(c, '\u{2066}'..='\u{2069}');
    let marked: Vec<&str> = english.lines().filter(|line| line.contains(ours)).collect();
    assert!(marked.is_empty(), "marks of our own are in the text: {marked:?}");
    // Poppler marks directions; a line may break anywhere between words.
    let persian = output_of("pdftotext", &[&persian(&publication), "-"]).unwrap();
    let is_mark = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let persian: String = persian.replace('\n', " ").chars().filter(|c| !is_mark(*c)).collect();
    for word in ["نیم\u{200c}فاصله", "می\u{200c}کند", "نمی\u{200c}نویسیم", "خانه\u{200c}ها", "حروف", "1405"]
    {
        assert!(persian.contains(word), "the PDF does not say {word:?}:\n{persian}");
    }
}

#[test]
fn qpdf_finds_no_fault() {
    let publication = bilingual().published();
    for path in [english(&publication), persian(&publication)] {
        let Some(report) = output_of("qpdf", &["--check", &path]) else { return };
        assert!(report.contains("No syntax or stream encoding errors found"), "{report}");
    }
}

#[test]
fn every_font_is_embedded_and_a_subset() {
    let publication = bilingual().published();
    for path in [english(&publication), persian(&publication)] {
        let Some(table) = output_of("pdffonts", &[&path]) else { return };
        let fonts: Vec<&str> = table.lines().skip(2).collect();
        assert!(!fonts.is_empty(), "{table}");
        for font in fonts {
            let flags: Vec<&str> = font.split_whitespace().filter(|word| matches!(*word, "yes" | "no")).collect();
            assert_eq!(flags, ["yes", "yes", "yes"], "embedded, a subset, with its letters: {font}");
        }
    }
}

#[test]
fn the_page_is_what_the_stylesheet_says() {
    let publication = bilingual().published();
    let Some(facts) = output_of("pdfinfo", &[&english(&publication)]) else { return };
    assert!(facts.contains("A4"), "{facts}");
    assert!(facts.lines().any(|line| line.starts_with("Pages:")), "{facts}");
}

#[test]
fn footnotes_of_markdown_stand_at_the_foot_of_the_page() {
    let text = "---\ntitle: Notes\ndate: 2026-07-10\n---\n\nFirst words[^a] and more.\n\n[^a]: The note itself.\n\nLast words.\n\n\
                ## Until then\n\n## Footnotes\n";
    let publication = Publication::monthly().post("notes.md", text).published();
    let path = publication.path("public/newsletter/1/newsletter-1.pdf").display().to_string();
    let Some(said) = output_of("pdftotext", &["-layout", &path, "-"]) else { return };
    let at = |words: &str| said.find(words).unwrap_or_else(|| panic!("the PDF does not say {words:?}:\n{said}"));
    assert!(at("First words") < at("Last words") && at("Last words") < at("Until then"), "{said}");
    assert!(at("Until then") < at("The note itself") && !said.contains("Footnotes"), "{said}");
    let pages = publication.files("public/posts");
    let page = pages.iter().find(|path| path.contains("notes")).unwrap();
    let web = publication.read(&format!("public/posts/{page}"));
    assert!(web.contains("<section class=\"footnotes\">\n<h2 id=\"notes--footnotes\">Footnotes</h2>"), "{web}");
}
