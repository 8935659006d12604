use std::sync::Arc;

use super::{beginning, html, pdf, running_head};
use crate::model::{Issue, Section};
use crate::render::samples::{issue, persian_edition, post};
use crate::templates::Templates;
use crate::typeset::display::{GlyphRun, Item, Page};
use crate::typeset::fonts::{Face, Fonts};
use crate::typeset::{Options, Resources, layout};

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
        "@counter-style numerals { system: extends persian }",
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
fn long_names_have_room_at_the_head_of_a_page() {
    let review = "The Quarterly Review of the Association for the History of Printing, Publishing and Reading";
    let report =
        "How the members of the association repaired the roof of the old library, and what it cost them in the end";
    let gozaresh = "گزارش نشست سالانهٔ انجمن دوستداران کتاب و کتابخانه‌های محلی دربارهٔ تعمیر سقف کتابخانهٔ قدیمی";
    let text = "<p>The roof of the old library was repaired.</p>".repeat(60);
    for (language, series, title) in [
        ("en", review, report),
        ("en", "Review", report),
        ("fa", "خبرنامهٔ انجمن دوستداران کتاب", gozaresh),
        ("fa", "خبرنامهٔ انجمن دوستداران کتاب و کتابخانه‌های محلی و خانه‌های فرهنگ روستاها", gozaresh),
    ] {
        // It has no warnings: nothing is cut, nothing stands outside of its box.
        set(&issue(language, series, vec![post(1, language, title, &text)]));
    }
    assert_eq!(running_head("Review", "No. 94"), None);
    let head = running_head(review, "No. 94");
    assert_eq!(head.as_deref(), Some("The Quarterly Review of the Association for the… No. 94"));
    let head = running_head("Review", &"a long label ".repeat(9)).unwrap();
    assert_eq!(head, "Review a long label a long label a…");
    assert_eq!(beginning("کتاب، خبرنامه", 8), "کتاب…");
    assert_eq!(beginning("onelongword", 5), "onelo…");
}

#[test]
fn a_section_gives_way_to_an_article_that_was_frozen_with_its_name() {
    let mut issue = persian();
    "section-1".clone_into(&mut issue.sections[0].articles[1].anchor);
    let html = html(&issue, &Templates::builtin()).unwrap();
    assert_eq!(html.matches(" id=\"section-1\"").count(), 1, "{html}");
    assert!(html.contains("<article class=\"article\" id=\"section-1\""), "{html}");
    assert!(html.contains("id=\"section-1-2\"><h2 class") || html.contains("id=\"section-1-2\">\n<h2 class"), "{html}");
    assert!(html.contains("<li class=\"part\"><a href=\"#section-1-2\">"), "{html}");
}

#[test]
fn pages_are_counted_in_the_digits_of_dates() {
    for (tag, folio) in [("ur", "۱"), ("ckb", "١"), ("ar-MA", "1"), ("sq", "1")] {
        let issue = issue(tag, "x", vec![post(1, tag, "x", "<ol><li>y</li></ol>")]);
        let templates = Templates::builtin();
        let options = Options { style: templates.text("pdf/print.css").unwrap(), ..Options::default() };
        let document = layout(&html(&issue, &templates).unwrap(), &options, &NoPictures, &Fonts::builtin()).value;
        let texts = document.pages.iter().flat_map(|page| &page.items).filter_map(|item| match item {
            Item::Glyphs { run, .. } => Some(run.text.to_string()),
            _ => None,
        });
        let texts: Vec<String> = texts.collect();
        let said = |is: &dyn Fn(&str) -> bool| assert!(texts.iter().any(|text| is(text)), "{tag}: {texts:?}");
        said(&|text| text == folio);
        // In the contents, behind the dots.
        said(&|text| text.ends_with(&format!("\u{fffc}{folio}")));
        said(&|text| text.starts_with(&format!("{folio}.")));
    }
}

#[test]
fn tasks_have_their_box_alone() {
    let body = "<ul><li class=\"task-list-item\">\u{2611} a</li><li>b</li></ul>";
    let issue = issue("en", "x", vec![post(1, "en", "x", body)]);
    let templates = Templates::builtin();
    let options = Options { style: templates.text("pdf/print.css").unwrap(), ..Options::default() };
    let document = layout(&html(&issue, &templates).unwrap(), &options, &NoPictures, &Fonts::builtin()).value;
    let marks = document
        .pages
        .iter()
        .flat_map(|page| &page.items)
        .filter(|item| matches!(item, Item::Glyphs { run, .. } if run.text.contains('\u{2022}')));
    assert_eq!(marks.count(), 1);
}

#[test]
fn what_an_edition_borrows_is_in_its_own_language_in_the_structure() {
    let issue = Issue { publication: persian_edition(), ..persian() };
    let templates = Templates::builtin();
    let options =
        Options { style: templates.text("pdf/print.css").unwrap(), base_language: "en", ..Options::default() };
    let document = layout(&html(&issue, &templates).unwrap(), &options, &NoPictures, &Fonts::builtin()).value;
    let said = |wanted: &str| {
        let owner = document.pages.iter().flat_map(|page| &page.items).find_map(|item| match item {
            Item::Glyphs { run, owner, .. } => {
                let place = run.text.find(wanted)? as u32;
                run.glyphs.iter().any(|glyph| glyph.text_start == place).then(|| owner.node())?
            }
            _ => None,
        });
        let mut node = &document.structure[owner.unwrap_or_else(|| panic!("no {wanted}")) as usize];
        while node.language.is_none() {
            node = &document.structure[node.parent.unwrap() as usize];
        }
        node.language.as_deref().unwrap().to_owned()
    };
    for (text, language) in
        [("On type", "en"), ("تحریریهٔ", "fa"), ("Galley", "en"), ("freely", "en"), ("نیم‌فاصله", "fa")]
    {
        assert_eq!(said(text), language, "{text}");
    }
    let written = lopdf::Document::load_mem(&set(&issue)).unwrap();
    let english = written.objects.values().filter_map(|object| object.as_dict().ok()).filter(|element| {
        element.get(b"Lang").is_ok_and(|lang| lopdf::decode_text_string(lang).is_ok_and(|lang| lang == "en"))
    });
    assert_eq!(english.count(), 3, "motto, address and rights");
}

#[test]
fn links_to_articles_of_the_issue_lead_to_them_in_the_document() {
    let mut one = post(1, "en", "One", "");
    let two = post(2, "en", "Two", "<p id=\"two--n\">x</p>");
    let (address, other) = (&two.address, "https://compositor.example/posts/\u{6af}\u{645}/");
    one.body = crate::model::Html::from_sanitised(format!(
        "<p><a href=\"{address}\">a</a> <a href=\"{address}#two--n\">b</a> <a href=\"{address}#two--m\">c</a> \
         <a href=\"{other}#z\" id=\"one--k\"><em>d</em></a> <a href=\"https://compositor.example/posts/%DA%AF%D9%85/\">e</a> <a href=\"{other}f/\">f</a></p>"
    ));
    let issue = Issue { nowhere: [other.to_owned()].into(), ..issue("en", "Newsletter", vec![one, two]) };
    let html = html(&issue, &Templates::builtin()).unwrap();
    let expected = format!(
        "<p><a href=\"#post-2\">a</a> <a href=\"#post-2-two--n\">b</a> <a href=\"#post-2\">c</a> \
         <span id=\"post-1-one--k\"><em>d</em></span> e <a href=\"{other}f/\">f</a></p>"
    );
    assert!(html.contains(&expected), "{html}");
    set(&issue);
}

#[test]
fn the_stylesheet_asks_only_for_what_the_typesetter_knows() {
    let mut volume = persian();
    volume.series.binds = Some("newsletter".to_owned());
    volume.sections = vec![Section { issue: Some(1), ..volume.sections.remove(0) }];
    set(&volume);
}

/// The pages of an issue of one text, and the names of the fonts in its file.
fn pages_and_fonts(language: &str, body: &str) -> (usize, Vec<String>) {
    let file = set(&issue(language, "N", vec![post(1, language, "T", body)]));
    let document = lopdf::Document::load_mem(&file).unwrap();
    let dictionaries = document.objects.values().filter_map(|object| object.as_dict().ok());
    let fonts = dictionaries.filter_map(|font| font.get(b"BaseFont").and_then(lopdf::Object::as_name).ok());
    let fonts = fonts.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    (document.get_pages().len(), fonts)
}

#[test]
fn columns_of_wordpress_turn_no_page_however_many_they_are() {
    for count in 2..=7 {
        let columns = "<div class=\"wp-block-column\"><h3>A</h3><p>b</p></div>".repeat(count);
        let body = format!("<p>a</p><div class=\"wp-block-columns\">{columns}</div><p>c</p>");
        assert_eq!(pages_and_fonts("en", &body).0, 1, "{count}");
    }
}

#[test]
fn persian_words_in_program_text_and_verse_have_the_face_of_those_around_them() {
    let body = "<p>متن <code>متغیر</code></p><pre><code>سلام</code></pre>";
    let (_, fonts) = pages_and_fonts("fa", body);
    assert!(!fonts.iter().any(|name| name.contains("Naskh")), "{fonts:?}");
    let (_, fonts) = pages_and_fonts("en", "<pre class=\"verse\">a\n   b</pre>");
    assert!(!fonts.iter().any(|name| name.contains("Mono")), "{fonts:?}");
    assert!(pages_and_fonts("en", "<pre>a</pre>").1.iter().any(|name| name.contains("Mono")));
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

/// What stands above the text of each page, for an issue with so many paragraphs and a colophon on a page of its own.
fn heads(issue: &Issue) -> Vec<String> {
    let templates = Templates::builtin();
    let style = format!("{} .colophon {{ break-before: page }}", templates.text("pdf/print.css").unwrap());
    let options = Options { style: &style, base_language: "en", ..Options::default() };
    let document = layout(&html(issue, &templates).unwrap(), &options, &NoPictures, &Fonts::builtin()).value;
    let head = |page: &Page| {
        let above = page.items.iter().filter_map(|item| match item {
            Item::Glyphs { y, run, .. } if *y < 72.0 => Some(run.text.to_string()),
            _ => None,
        });
        above.collect::<Vec<_>>().join("|")
    };
    document.pages.iter().map(head).collect()
}

#[test]
fn heads_name_the_article_at_the_top_of_the_page_and_none_over_a_colophon_or_a_section() {
    let long = "<p>A line of type was cast in one piece, and an operator justified it.</p>".repeat(70);
    let mut issue = issue("en", "Newsletter", vec![post(1, "en", "Long", &long), post(2, "en", "Short", "<p>x</p>")]);
    let short = issue.sections[0].articles.split_off(1);
    let heads_of_one = heads(&issue);
    assert_eq!(heads_of_one.last().map(String::as_str), Some("Newsletter No. 94"), "{heads_of_one:?}");
    assert!(heads_of_one[1..heads_of_one.len() - 1].iter().all(|head| head == "Newsletter No. 94|Long"));
    assert!(heads_of_one.len() > 3);

    issue.sections.push(Section { title: "Band".to_owned(), articles: short, ..issue.sections[0].clone() });
    let both = heads(&issue);
    assert_eq!(both[both.len() - 2], "Newsletter No. 94|Long", "what goes on there, not what begins below it");
}

#[test]
fn articles_without_a_section_stand_apart_from_the_section_before() {
    let posts = vec![post(1, "en", "First", "<p>one</p>"), post(2, "en", "Second", "<p>two</p>")];
    let mut issue = issue("en", "Newsletter", posts);
    let second = issue.sections[0].articles.split_off(1);
    issue.sections[0].title = "Band".to_owned();
    issue.sections.push(Section { title: String::new(), articles: second, ..issue.sections[0].clone() });
    let templates = Templates::builtin();
    let style = templates.text("pdf/print.css").unwrap();
    let options = Options { style, base_language: "en", ..Options::default() };
    let document = layout(&html(&issue, &templates).unwrap(), &options, &NoPictures, &Fonts::builtin()).value;
    let items: Vec<&Item> = document.pages.iter().flat_map(|page| &page.items).collect();
    let line = |wanted: &str, size: f32| {
        items.iter().find_map(|item| match item {
            Item::Glyphs { y, run, .. } if run.text.contains(wanted) && run.size > size => Some(*y),
            _ => None,
        })
    };
    let (text, title) = (line("one", 9.0).unwrap(), line("Second", 13.0).unwrap());
    let between = |item: &&&Item| matches!(item, Item::Fill { rect, .. } if rect.width > 300.0 && (text..title).contains(&rect.y));
    assert_eq!(items.iter().filter(between).count(), 1, "{text} {title}");
}

#[test]
fn english_phrases_are_marked_and_run_their_own_way_where_a_language_has_no_words() {
    let drawn = |tag: &str, label: &str| {
        let mut issue = issue(tag, "هەواڵ", vec![post(1, tag, "یەک", "<p>متن</p>")]);
        issue.number.label = label.to_owned();
        issue.series.issn = Some("2049-3630".to_owned());
        html(&issue, &Templates::builtin()).unwrap()
    };
    let kurdish = drawn("ckb", "94");
    for part in [
        "<title>The Compositor: هەواڵ \u{2066}No. \u{2068}٩٤\u{2069}\u{2069}</title>",
        "<span class=\"number\"><bdi lang=\"en\" dir=\"ltr\">\u{2066}No. \u{2068}٩٤\u{2069}\u{2069}</bdi></span>",
        "\"><bdi lang=\"en\" dir=\"ltr\">\u{2066}Published \u{2068}١ی ",
        "<bdi class=\"author\"><bdi lang=\"en\" dir=\"ltr\">\u{2066}By \u{2068}The editors\u{2069}\u{2069}</bdi></bdi>",
        "<p><bdi lang=\"en\" dir=\"ltr\"><span lang=\"en\" dir=\"ltr\">Published by</span> <span lang=\"en\" dir=\"ltr\">The Compositor Society</span></bdi>",
        "<span class=\"issn\"><bdi lang=\"en\" dir=\"ltr\">\u{2066}ISSN \u{2068}2049-3630\u{2069}\u{2069}</bdi></span>",
    ] {
        assert!(kurdish.contains(part), "{part}\n{kurdish}");
    }
    // It is in the language of the issue.
    assert!(drawn("ckb", "هاوینی ٢٠٢٦").contains("<span class=\"number\">هاوینی ٢٠٢٦</span>"));
    let german = drawn("de", "94");
    assert!(german.contains("<span class=\"number\"><bdi lang=\"en\" dir=\"ltr\">No. 94</bdi></span>"), "{german}");
    for (tag, drawn) in [("de", german), ("fa", drawn("fa", "94")), ("sq", drawn("sq", "94"))] {
        assert!(!drawn.contains('\u{2068}'), "{drawn}");
        assert_eq!(drawn.contains("<bdi lang"), tag == "de", "{drawn}");
    }
}

/// Takes a run of glyphs with its place, the text that it shows, and its face.
type Look<'l> = dyn FnMut((f32, f32), &str, &GlyphRun, &Face) + 'l;

/// What is seen of an issue.
fn seen(issue: &Issue, look: &mut Look<'_>) {
    let (templates, fonts) = (Templates::builtin(), Fonts::builtin());
    let options =
        Options { style: templates.text("pdf/print.css").unwrap(), base_language: "en", ..Options::default() };
    let document = layout(&html(issue, &templates).unwrap(), &options, &NoPictures, &fonts).value;
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Item::Glyphs { x, y, run, .. } = item {
            let from = run.glyphs.iter().map(|glyph| glyph.text_start as usize).min().unwrap_or(0);
            let to = run.glyphs.iter().map(|glyph| glyph.text_end as usize).max().unwrap_or(0);
            look((*x, *y), &run.text[from..to], run, fonts.face(run.face).unwrap());
        }
    }
}

#[test]
fn stanzas_stand_apart_and_begin_where_their_lines_do() {
    let body = "<p>First<br>line</p><p>Second<br>stanza</p><p>Prose</p><p>Indented</p>";
    let mut places = std::collections::BTreeMap::new();
    let issue = issue("en", "Newsletter", vec![post(1, "en", "x", body)]);
    seen(&issue, &mut |place, text, run, _| {
        if (run.size - 10.5).abs() < 0.01 {
            places.insert(text.to_owned(), place);
        }
    });
    let place = |word: &str| *places.iter().find(|(text, _)| text.contains(word)).unwrap().1;
    let [first, line, second, prose, indented] = ["First", "line", "Second", "Prose", "Indented"].map(place);
    let step = line.1 - first.1;
    assert!(second.1 - line.1 > step * 1.4 && (second.0 - first.0).abs() < 0.1, "{places:?}");
    assert!((prose.0 - first.0).abs() < 0.1 && indented.0 > first.0 + 10.0, "{places:?}");
    assert!((indented.1 - prose.1 - step).abs() < 0.1, "{places:?}");
}

#[test]
fn an_odd_break_in_prose_is_no_stanza() {
    let body = "<p>First</p><p>Second<br>line</p><p>Third</p><p><br></p><p>Fourth</p>";
    let mut places = std::collections::BTreeMap::new();
    seen(&issue("en", "Newsletter", vec![post(1, "en", "x", body)]), &mut |place, text, run, _| {
        if (run.size - 10.5).abs() < 0.01 {
            places.insert(text.to_owned(), place);
        }
    });
    let place = |word: &str| *places.iter().find(|(text, _)| text.contains(word)).unwrap().1;
    let [first, second, line, third, fourth] = ["First", "Second", "line", "Third", "Fourth"].map(place);
    let step = line.1 - second.1;
    for (above, below) in [(first, second), (line, third)] {
        assert!((below.1 - above.1 - step).abs() < 0.1 && below.0 > first.0 + 10.0, "{places:?}");
    }
    assert!(fourth.0 > first.0 + 10.0, "{places:?}");
}

#[test]
fn a_part_of_a_volume_has_no_head_over_the_title_that_it_repeats() {
    for tag in ["en", "fa"] {
        let long = "<p>A line of type was cast in one piece, and an operator justified it.</p>".repeat(70);
        let mut volume = issue(tag, "Volume", vec![post(1, tag, "Long", &long)]);
        volume.series.binds = Some("newsletter".to_owned());
        volume.sections =
            vec![Section { issue: Some(1), title: "Newsletter 7".to_owned(), ..volume.sections.remove(0) }];
        let heads = heads(&volume);
        let first = heads.iter().position(|head| head.contains("Newsletter 7")).unwrap();
        assert!(heads[first].contains("Long"), "{tag}: the page of the title has no head: {heads:?}");
    }
}

#[test]
fn letters_without_italics_are_upright_and_bold_in_every_language_that_has_them() {
    let body = "<p>متن <em>تأکید</em> متن</p>";
    for (own, size) in [("fa", 10.5), ("ar", 12.0), ("ckb", 12.0), ("ur", 12.0)] {
        let english = post(2, "en", "Other", "<p>word <em>stressed</em></p>");
        let (mut stressed, mut bylines) = (Vec::new(), 0);
        seen(&issue(own, "x", vec![post(1, own, "x", body), english]), &mut |_, text, run, face| {
            let is_slanted = face.italic || run.slanted;
            if text.contains("تأکید") || text.contains("stressed") {
                stressed.push((run.size, face.weight, is_slanted));
            }
            if text.contains("editors") {
                bylines += 1;
                assert!(!is_slanted, "{own}: a name in the contents");
            }
        });
        assert_eq!(stressed, [(size, 700, false), (size, 400, true)], "{own}");
        assert!(bylines >= 2, "{own}");
    }
}

#[test]
fn small_print_grows_with_letters_that_are_small() {
    let least = |tag: &str| {
        let mut least = f32::MAX;
        seen(&issue(tag, "x", vec![post(1, tag, "x", "<p>y</p>")]), &mut |_, _, run, _| least = least.min(run.size));
        (least * 10.0).round() as u32
    };
    assert_eq!(["en", "fa", "ar", "ckb"].map(least), [85, 85, 97, 97], "tenths of a point");
}

#[test]
fn a_long_address_does_not_pull_a_note_apart() {
    let body = "<p>متن<sup class=\"footnote-reference\"><a href=\"#n\">1</a></sup></p><section class=\"footnotes\"><ol>\
                <li id=\"n\"><p>همان، ج ۲، ص ۱۲. نیز \
                https://example.org/a-very-long-address/with-many-parts/and-more-of-them-on-a-line.html</p></li></ol></section>";
    let mut places = Vec::new();
    seen(&issue("fa", "x", vec![post(1, "fa", "x", body)]), &mut |(x, _), text, run, _| {
        if (run.size - 8.5).abs() < 0.01 && text.contains("نیز") {
            places.push(x);
        }
    });
    assert!(places.len() == 1 && places[0] > 375.0, "its words stand at the right, together: {places:?}");
}

#[test]
fn names_in_several_scripts_stand_in_their_order() {
    let post = crate::model::Post {
        authors: ["Ann", "آرش", "Bob"].map(str::to_owned).to_vec(),
        ..post(1, "fa", "نوشته", "<p>متن</p>")
    };
    let mut places: Vec<(f32, String)> = Vec::new();
    seen(&issue("fa", "خبرنامه", vec![post]), &mut |(x, _), text, run, face| {
        if face.weight == 700 && (run.size - 9.0).abs() < 0.01 {
            places.push((x, text.to_owned()));
        }
    });
    let place = |name: &str| places.iter().find(|(_, text)| text.contains(name)).map(|(x, _)| *x).unwrap();
    let order = ["Ann", "آرش", "Bob"].map(place);
    assert!(order[0] > order[1] && order[1] > order[2], "from the right: {places:?}");
}
