//! Tests of written files, read back by lopdf and pdftotext.

use std::process::Command;
use std::sync::Arc;

use lopdf::{Dictionary, Object};

use super::pdf;
use crate::typeset::display::{
    Artefact, Bookmark, Color, Destination, Document, Image, Info, Item, Link, LinkTarget, Owner, Page, Rect,
    StructureNode,
};
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::tests::{lines, paragraph, style, text};
use crate::typeset::inline::{Align, Fragment, Hyphens, TextStyle};

const PERSIAN: &str = "روزنامه‌نگاری در ایران آغاز شد و خانه‌های مردم را می‌رساند";

fn page(samples: &[(&str, &TextStyle)], tag: Option<u32>) -> Page {
    page_of_width(samples, tag, 200.0)
}

fn page_of_width(samples: &[(&str, &TextStyle)], tag: Option<u32>, width: f32) -> Page {
    let mut page = Page { width: 300.0, height: 400.0, ..Page::default() };
    let mut y = 20.0;
    for (sample, style) in samples {
        for line in lines(&paragraph(vec![text(sample, style)], Align::Justify, style), width) {
            for fragment in line.fragments {
                if let Fragment::Glyphs { x, raise, run, .. } = fragment {
                    page.items.push(Item::Glyphs {
                        x: 20.0 + x,
                        y: y + line.baseline - raise,
                        run,
                        owner: Owner::of(tag, Artefact::Layout),
                    });
                }
            }
            y += line.height;
        }
    }
    page
}

fn english() -> TextStyle {
    TextStyle { hyphens: Hyphens::Auto, ..style("serif", "en") }
}

fn document(pages: Vec<Page>) -> Document {
    let info = Info {
        title: "Specimen & more".to_owned(),
        author: "The editors".to_owned(),
        language: "en".to_owned(),
        date: Some(1_772_323_200),
        ..Info::default()
    };
    Document { pages, info, ..Document::default() }
}

fn written(document: &Document) -> Vec<u8> {
    pdf(document.clone(), &Fonts::builtin()).expect("the document is written")
}

fn read(document: &Document) -> lopdf::Document {
    lopdf::Document::load_mem(&written(document)).expect("lopdf reads the file")
}

/// What pdftotext makes of a document, without the marks of direction it adds; `None` where it is not installed.
fn extracted(document: &Document) -> Option<String> {
    extracted_by(document, &[])
}

/// [`extracted`], asked in another way.
fn extracted_by(document: &Document, options: &[&str]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), written(document)).expect("the file is written");
    let Ok(output) = Command::new("pdftotext").args(options).arg(file.path()).arg("-").output() else {
        assert_ne!(std::env::var("MASTHEAD_TEST_ALL").as_deref(), Ok("1"), "pdftotext is not installed");
        eprintln!("skipped: pdftotext is not installed");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.chars().filter(|c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{C}')).collect())
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn persian_comes_out_exactly_from_either_arabic_face() {
    for family in ["serif", "sans-serif"] {
        let style = style(family, "fa");
        let Some(found) = extracted(&document(vec![page(&[(PERSIAN, &style)], None)])) else { return };
        assert_eq!(words(&found), PERSIAN, "{family}");
    }
}

#[test]
fn arabic_with_vowel_marks_comes_out_exactly() {
    let sample = "كانت الصُّحُفُ الأولى تُطبع وقد تطوّرت تطوُّرًا كبيرًا";
    let style = style("serif", "ar");
    let Some(found) = extracted(&document(vec![page(&[(sample, &style)], None)])) else { return };
    assert_eq!(words(&found), sample);
}

#[test]
fn marks_stay_with_their_letters_wherever_lines_end() {
    let persian = "کتاب نسخهٔ خوب و خانهٔ ما و نامهٔ او و بچهٔ آن و پارهٔ این و تکهٔ کاغذ و گوشهٔ باغ و دربارهٔ همهٔ اینها";
    let arabic = "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ الْحَمْدُ لِلَّهِ رَبِّ الْعَالَمِينَ إِيَّاكَ نَعْبُدُ وَإِيَّاكَ نَسْتَعِينُ اهْدِنَا الصِّرَاطَ الْمُسْتَقِيمَ";
    for (sample, language) in [(persian, "fa"), (arabic, "ar")] {
        let style = style("serif", language);
        for width in (110..200).step_by(3) {
            let page = page_of_width(&[(sample, &style)], None, width as f32);
            let Some(found) = extracted(&document(vec![page])) else { return };
            assert_eq!(words(&found), sample, "lines of {width} points");
        }
    }
}

#[test]
fn letters_that_share_a_glyph_come_out_in_their_order() {
    let joined = "سلام اطلاعات بالا لا لأن لإن لآن لٱ سلأ سلإ سلآ بـلا سـلام ڵا کالای";
    let marked = "الله واللهِ مثلاً لِلَّهِ اللّٰه لَا مِثلَاً كلاًّ لِأَنَّ الْآنَ لا‌لا می‌لاک";
    for (family, weight) in [("serif", 400), ("serif", 700), ("sans-serif", 400), ("sans-serif", 700)] {
        let style = TextStyle { weight, ..style(family, "fa") };
        let of = |sample: &str| document(vec![page(&[(sample, &style)], None)]);
        for (sample, options) in [(joined, &[][..]), (joined, &["-layout"]), (marked, &[]), (marked, &["-layout"])] {
            let Some(found) = extracted_by(&of(sample), options) else { return };
            assert_eq!(words(&found), sample, "{family}, {weight}, {options:?}");
        }
    }
}

#[test]
fn letters_that_share_a_glyph_are_one_word_even_as_they_are_shown() {
    // Raw text has words from right to left in the order of the page, so each is asked about by itself.
    for word in ["سلام", "اطلاعات", "لا", "لأن", "لٱ", "سلآ", "بـلا", "ڵا"] {
        let document = document(vec![page(&[(word, &style("sans-serif", "fa"))], None)]);
        let Some(found) = extracted_by(&document, &["-raw"]) else { return };
        assert_eq!(found.trim(), word);
    }
}

#[test]
fn no_entry_of_a_unicode_map_has_an_order_that_could_be_turned_round() {
    let style = style("sans-serif", "fa");
    let file = read(&document(vec![page(&[("سلام الله لأن", &style)], None)]));
    let fonts = file.get_page_fonts(file.page_iter().next().expect("a page")).expect("fonts");
    for font in fonts.values() {
        let map = font.get_deref(b"ToUnicode", &file).and_then(Object::as_stream).expect("a map");
        let map = String::from_utf8(map.decompressed_content().expect("the map inflates")).expect("ASCII");
        let entries = map.lines().filter(|line| line.split('<').count() == 3);
        let texts: Vec<&str> = entries.filter_map(|line| line.rsplit(['<', '>']).nth(1)).collect();
        assert!(texts.contains(&"0644") && texts.contains(&"06440644"), "{map}");
        assert!(texts.iter().all(|text| text.len() == 4 || *text == "06440644"), "{map}");
    }
}

#[test]
fn ligatures_accents_and_hyphens_come_out_as_text() {
    let sample = "The office’s efficient workflow (naïve, e\u{301}tude) was extraordinarily international.";
    let style = english();
    let Some(found) = extracted(&document(vec![page(&[(sample, &style)], None)])) else { return };
    assert_eq!(words(&found.replace("\u{AD}\n", "").replace('\u{E9}', "e\u{301}")), sample);
}

#[test]
fn the_same_document_gives_the_same_bytes_on_any_number_of_threads() {
    let persian = style("sans-serif", "fa");
    let pages =
        (0..40).map(|_| page(&[("Some text, and more of it.", &english()), (PERSIAN, &persian)], None)).collect();
    let document = document(pages);
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("a pool");
    let first = alone.install(|| written(&document));
    assert!(first == three.install(|| written(&document)));
    assert!(first.starts_with(b"%PDF-1.7"));
}

#[test]
fn the_date_is_the_documents_or_none() {
    let mut dated = document(vec![page(&[("a", &english())], None)]);
    let info = |file: &lopdf::Document| {
        let id = file.trailer.get(b"Info").and_then(Object::as_reference).expect("an Info");
        file.get_dictionary(id).expect("a dictionary").clone()
    };
    let found = info(&read(&dated));
    assert_eq!(found.get(b"CreationDate").and_then(Object::as_str).ok(), Some(&b"D:20260301000000Z"[..]));
    dated.info.date = None;
    let found = info(&read(&dated));
    assert!(!found.has(b"CreationDate") && !found.has(b"ModDate"));
}

fn get<'d>(file: &'d lopdf::Document, dictionary: &'d Dictionary, key: &str) -> &'d Dictionary {
    let object = dictionary.get(key.as_bytes()).unwrap_or_else(|_| panic!("no {key}"));
    file.dereference(object)
        .and_then(|(_, object)| object.as_dict())
        .unwrap_or_else(|_| panic!("{key} is no dictionary"))
}

fn title(item: &Dictionary) -> &[u8] {
    item.get(b"Title").and_then(Object::as_str).unwrap_or_default()
}

#[test]
fn bookmarks_nest_in_document_order() {
    let mut document = document(vec![page(&[("a", &english())], None), page(&[("b", &english())], None)]);
    let bookmark = |level, label: &str, page| Bookmark {
        level,
        label: label.to_owned(),
        destination: Destination { page, y: 20.0 },
    };
    document.bookmarks = vec![bookmark(1, "Z", 0), bookmark(3, "Y", 0), bookmark(2, "X", 1), bookmark(1, "A", 1)];
    let file = read(&document);
    let catalog = file.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"PageMode").and_then(Object::as_name).ok(), Some(&b"UseOutlines"[..]));
    let root = get(&file, catalog, "Outlines");
    let first = get(&file, root, "First");
    assert_eq!(title(first), b"Z");
    let inner = get(&file, first, "First");
    assert_eq!((title(inner), title(get(&file, inner, "Next"))), (&b"Y"[..], &b"X"[..]));
    assert_eq!(title(get(&file, first, "Next")), b"A");
    assert_eq!(root.get(b"Count").and_then(Object::as_i64).ok(), Some(4));
}

#[test]
fn links_lead_to_uris_and_anchors_and_say_what_they_are() {
    let mut first = page(&[("a", &english())], None);
    let rect = Rect { x: 20.0, y: 20.0, width: 50.0, height: 10.0 };
    let link = |target| Link { rect, target, contents: "پیوند".to_owned(), tag: None };
    first.links = vec![
        link(LinkTarget::Uri("https://example.org/é".to_owned())),
        link(LinkTarget::Anchor("there".to_owned())),
        link(LinkTarget::Anchor("nowhere".to_owned())),
    ];
    let mut document = document(vec![first, page(&[("b", &english())], None)]);
    document.anchors.insert("there".to_owned(), Destination { page: 1, y: 100.0 });
    let file = read(&document);
    let pages: Vec<_> = file.page_iter().collect();
    let annotations = file.get_page_annotations(pages[0]).expect("annotations");
    assert_eq!(annotations.len(), 2);
    assert!(annotations.iter().all(|annotation| annotation.has(b"Contents")));
    let uri = get(&file, annotations[0], "A").get(b"URI").and_then(Object::as_str).expect("a URI");
    assert_eq!(uri, b"https://example.org/%C3%A9");
    let to = get(&file, annotations[1], "A").get(b"D").and_then(Object::as_array).expect("a destination");
    assert_eq!((to[0].as_reference().ok(), to[3].as_i64().ok()), (Some(pages[1]), Some(300)));
    assert!(file.catalog().expect("a catalog").has(b"Names"));
}

#[test]
fn fonts_are_embedded_subsets_with_unicode_maps() {
    let document = document(vec![page(&[("abc", &english())], None)]);
    let file = read(&document);
    let fonts = file.get_page_fonts(file.page_iter().next().expect("a page")).expect("fonts");
    let font = fonts.values().next().expect("a font");
    let name = font.get(b"BaseFont").and_then(Object::as_name).expect("a name");
    assert!(name.ends_with(b"+NotoSerif-Regular") && name[..6].iter().all(u8::is_ascii_uppercase));
    assert!(font.has(b"ToUnicode"));
    assert!(written(&document).len() < 30_000);
}

#[test]
fn content_belongs_to_the_structure_and_the_rest_is_an_artefact() {
    let mut tagged = page(&[("A paragraph.", &english())], Some(2));
    tagged.items.push(Item::Fill { rect: Rect::default(), color: Color::BLACK, artefact: Artefact::Layout });
    let rect = Rect { x: 20.0, y: 20.0, width: 50.0, height: 10.0 };
    let target = LinkTarget::Uri("https://example.org/".to_owned());
    tagged.links.push(Link { rect, target, contents: "example".to_owned(), tag: Some(3) });
    let mut document = document(vec![tagged]);
    let node = |parent, role| StructureNode { language: Some(Arc::from("en")), ..StructureNode::new(parent, role) };
    document.structure = vec![node(None, "Document"), node(Some(0), "H1"), node(Some(0), "P"), node(Some(2), "Link")];
    let file = read(&document);
    let content = file.get_page_content(file.page_iter().next().expect("a page"));
    let content = String::from_utf8_lossy(&content);
    assert!(content.contains("/P <</MCID 0>> BDC") && content.contains("/Artifact <</Type /Layout>> BDC"));
    let catalog = file.catalog().expect("a catalog");
    assert!(catalog.has(b"MarkInfo"));
    let root = get(&file, catalog, "StructTreeRoot");
    let numbers = get(&file, root, "ParentTree").get(b"Nums").and_then(Object::as_array).expect("numbers");
    assert_eq!(numbers.len(), 4);
    let top = root.get(b"K").and_then(Object::as_array).expect("kids");
    let body = file.dereference(&top[0]).and_then(|(_, kid)| kid.as_dict()).expect("an element");
    // The heading has no content: it is left out.
    let only = get(&file, body, "K");
    assert_eq!(only.get(b"S").and_then(Object::as_name).ok(), Some(&b"P"[..]));
}

#[test]
fn pictures_are_embedded_with_their_masks() {
    let mut page = page(&[("a", &english())], None);
    page.items.push(Item::Image {
        clip: None,
        outline: None,
        rect: Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 },
        image: 0,
        alpha: 255,
        owner: Owner::Artefact(Artefact::Layout),
    });
    let mut document = document(vec![page]);
    document.images = vec![Image::Samples {
        width: 2,
        height: 1,
        components: 3,
        samples: vec![1; 6],
        alpha: Some(vec![0, 255]),
        profile: None,
    }];
    let file = read(&document);
    let images = file.get_page_images(file.page_iter().next().expect("a page")).expect("images");
    assert_eq!((images[0].width, images[0].height), (2, 1));
    assert!(images[0].origin_dict.has(b"SMask"));
}

#[test]
fn a_document_without_pages_is_refused() {
    assert!(pdf(Document::default(), &Fonts::builtin()).is_err());
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let mut tagged = page(&[("Text with a ünïcode label.", &english()), (PERSIAN, &style("serif", "fa"))], Some(0));
    tagged.label = "۱".to_owned();
    let mut document = document(vec![tagged]);
    document.structure = vec![StructureNode::new(None, "Document")];
    document.info.rtl = true;
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), written(&document)).expect("the file is written");
    let Ok(output) = Command::new("qpdf").arg("--check").arg(file.path()).output() else {
        assert_ne!(std::env::var("MASTHEAD_TEST_ALL").as_deref(), Ok("1"), "qpdf is not installed");
        eprintln!("skipped: qpdf is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
