//! Pages that were looked at: they must go on looking so, within what another version of the program that draws them may
//! change. `MASTHEAD_UPDATE=1` takes new pictures; look at each.

use std::path::Path;
use std::sync::Arc;

use image::{GrayImage, Luma};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, typeset};

use crate::publication::Publication;
use crate::tools::{output_of, root};

/// Of the demonstration: which page of which file is which picture.
const PAGES: [(&str, &str, u32); 10] = [
    ("newsletter-front.png", "public/newsletter/9/newsletter-9.pdf", 1),
    ("newsletter-inside.png", "public/newsletter/9/newsletter-9.pdf", 2),
    ("newsletter-persian.png", "public/khabarnameh/4/khabarnameh-4.pdf", 1),
    ("newsletter-persian-inside.png", "public/khabarnameh/4/khabarnameh-4.pdf", 2),
    ("newsletter-arabic.png", "public/nashra/3/nashra-3.pdf", 1),
    ("digest.png", "public/digest/4/digest-4.pdf", 1),
    ("volume-title.png", "public/volume/1/volume-1.pdf", 1),
    ("volume-contents.png", "public/volume/1/volume-1.pdf", 2),
    ("volume-part.png", "public/volume/1/volume-1.pdf", 3),
    ("volume-index.png", "public/volume/1/volume-1.pdf", 0),
];

/// Dots to the inch: enough to see every line, few enough to keep the pictures small.
const DPI: &str = "40";

/// Points are compared in squares of so many, because letters are drawn a little otherwise by every version.
const SQUARE: u32 = 6;

/// How far the mean of a square, and that of the page, may be from what it was, of 255.
const SQUARE_TOLERANCE: u32 = 40;
const PAGE_TOLERANCE: f32 = 1.5;

/// Compares the pages of the demonstration with their pictures.
pub(crate) fn look_as_they_did(publication: &Publication) {
    for (name, file, page) in PAGES {
        looks_as_it_did(name, &publication.path(file), page);
    }
}

/// Compares a page of a file with its picture; page 0 is the last.
pub(crate) fn looks_as_it_did(name: &str, file: &Path, page: u32) {
    let last = || lopdf::Document::load(file).unwrap().get_pages().len() as u32;
    let page = if page == 0 { last() } else { page };
    let folder = tempfile::TempDir::new().unwrap();
    let (drawn, page) = (folder.path().join("page"), page.to_string());
    let arguments = ["-gray", "-r", DPI, "-png", "-singlefile", "-f", &page, "-l", &page];
    let paths = [file.to_str().unwrap(), drawn.to_str().unwrap()];
    let Some(_) = output_of("pdftoppm", &[&arguments[..], &paths].concat()) else { return };
    let drawn = drawn.with_extension("png");
    let kept = root().join("tests/golden").join(name);
    if std::env::var("MASTHEAD_UPDATE").is_ok_and(|value| value == "1") {
        save(&drawn, &kept);
        return;
    }
    let picture =
        |path: &Path| image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).to_luma8();
    let (was, is) = (picture(&kept), picture(&drawn));
    if let Some(difference) = difference(&was, &is) {
        let seen = std::env::temp_dir().join(name);
        std::fs::copy(&drawn, &seen).unwrap();
        panic!("tests/golden/{name} is stale: {difference}; the page is {} now", seen.display());
    }
}

/// Sixteen shades of grey are enough, and take a third of the room.
fn save(from: &Path, to: &Path) {
    let mut picture = image::open(from).unwrap().to_luma8();
    for Luma([shade]) in picture.pixels_mut() {
        *shade = (*shade / 17).saturating_mul(17).saturating_add(if *shade % 17 > 8 { 17 } else { 0 });
    }
    picture.save(to).unwrap();
}

/// What is different, if it is more than another version of a program explains.
fn difference(was: &GrayImage, is: &GrayImage) -> Option<String> {
    if was.dimensions() != is.dimensions() {
        return Some(format!("its size was {:?} and is {:?}", was.dimensions(), is.dimensions()));
    }
    let (width, height) = was.dimensions();
    let mut sum = 0.0;
    for top in (0..height).step_by(SQUARE as usize) {
        for left in (0..width).step_by(SQUARE as usize) {
            let (was, is) = (mean(was, left, top), mean(is, left, top));
            if was.abs_diff(is) > SQUARE_TOLERANCE {
                return Some(format!("about ({left}, {top}) it was {was} bright and is {is}"));
            }
            sum += was.abs_diff(is) as f32;
        }
    }
    let squares = width.div_ceil(SQUARE) * height.div_ceil(SQUARE);
    let mean = sum / squares as f32;
    (mean > PAGE_TOLERANCE).then(|| format!("its squares differ by {mean} on average"))
}

fn mean(picture: &GrayImage, left: u32, top: u32) -> u32 {
    let (width, height) = picture.dimensions();
    let (right, bottom) = ((left + SQUARE).min(width), (top + SQUARE).min(height));
    let points = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
    let sum: u32 = points.map(|(x, y)| u32::from(picture.get_pixel(x, y).0[0])).sum();
    sum / ((right - left) * (bottom - top))
}

/// The demonstration's posts in columns, in both directions, with summaries in the contents.
const IN_COLUMNS: [(&str, &str, u32); 5] = [
    ("series-columns-front.png", "public/newsletter/9/newsletter-9.pdf", 1),
    ("series-columns.png", "public/newsletter/9/newsletter-9.pdf", 2),
    ("series-columns-persian-front.png", "public/khabarnameh/4/khabarnameh-4.pdf", 1),
    ("series-columns-persian.png", "public/khabarnameh/4/khabarnameh-4.pdf", 2),
    ("series-columns-digest.png", "public/digest/4/digest-4.pdf", 1),
];

#[test]
fn series_in_columns_look_as_they_did() {
    let publication = crate::samples::demonstration().without("issues");
    let mut config = std::fs::read_to_string(publication.path("config.toml")).unwrap();
    for (series, columns) in [("newsletter", 2), ("khabarnameh", 2), ("digest", 3)] {
        let head = format!("[series.{series}]\n");
        let excerpts = if series == "digest" { "" } else { "contents = \"excerpts\"\n" };
        assert!(config.contains(&head));
        config = config.replace(&head, &format!("{head}columns = {columns}\n{excerpts}"));
    }
    let publication = publication.file("config.toml", config).after(&["publish"]);
    for (name, file, page) in IN_COLUMNS {
        looks_as_it_did(name, &publication.path(file), page);
    }
}

/// What an article sets apart: a pull quote, a quotation, a note, a table, terms, code.
const APART: &str = "---
title: What a pull quote does
date: 2026-07-10
author: The editors
description: A line lifted out of the text, set large.
---
Magazines lift a sentence out of an article and set it large, so that a reader who turns the pages stops.[^1]

<blockquote class=\"pullquote\"><p>A page that is all of one grey asks to be turned.</p><cite>The editors</cite></blockquote>

It stands between rules. Its size is a step above that of the text, and it is never hyphenated.

> An ordinary quotation is indented, and keeps the size of the text.

| Kind       | Size |
|:-----------|-----:|
| Text       | 10.5 |
| Pull quote | 13.7 |

Term
: What it means

```
blockquote.pullquote { font-size: 1.3em }
```

[^1]: The custom came with illustrated weeklies.
";

/// The same in Persian.
const APART_PERSIAN: &str = "---
title: گفتاورد برجسته
date: 2026-07-11
language: fa
author: تحریریه
---
مجله‌ها جمله‌ای را از متن بیرون می‌کشند و درشت می‌چینند تا خواننده‌ای که ورق می‌زند بایستد.[^1]

<blockquote class=\"pullquote\"><p>صفحه‌ای که سراسر یک‌رنگ است، ورق زدن می‌خواهد.</p><cite>تحریریه</cite></blockquote>

میان دو خط می‌ایستد. اندازه‌اش یک پله بالاتر از متن است.

> نقل‌قول معمولی تورفته است و اندازهٔ متن را دارد.

| گونه | اندازه |
|------|------|
| متن | ۱۰٫۵ |
| گفتاورد | ۱۳٫۷ |

[^1]: این رسم با هفته‌نامه‌های مصور آمد.
";

#[test]
fn what_articles_set_apart_looks_as_it_did() {
    let persian = "title = \"خبرنامه\"\nlanguage = \"fa\"\nwindow = \"monthly\"\nsince = 2026-07-01";
    let narrow = "title = \"Columns\"\nwindow = \"monthly\"\nsince = 2026-07-01\ncolumns = 2";
    let publication = Publication::monthly()
        .series("khabarnameh", persian)
        .series("columns", narrow)
        .post("apart.md", APART)
        .post("barjasteh.md", APART_PERSIAN)
        .published();
    looks_as_it_did("apart.png", &publication.path("public/newsletter/1/newsletter-1.pdf"), 1);
    looks_as_it_did("apart-persian.png", &publication.path("public/khabarnameh/1/khabarnameh-1.pdf"), 1);
    looks_as_it_did("apart-columns.png", &publication.path("public/columns/1/columns-1.pdf"), 1);
}

/// A page in two columns under a band, with a pull quote, a float and a table, in either direction.
const COLUMNS: &str = "@page { size: A5; margin: 14mm; @top-left { content: string(band); font-size: 7pt }
    @bottom-right { content: counter(page); font-size: 7pt } }
    html { font: 8.5pt/1.4 'Noto Serif', 'Noto Naskh Arabic' } h1 { background-color: #7a1b12; color: white; padding: 2mm;
    font-size: 13pt; margin: 0 0 3mm; string-set: band content() }
    article { columns: 2; column-gap: 5mm; column-rule: .4pt solid #999; text-align: justify } p { margin: 0 0 1.5mm }
    .quote { column-span: all; font-size: 13pt; text-align: center; margin: 3mm 8mm; color: #7a1b12 }
    .photo { float: left; width: 40%; margin: 0 3mm 1mm 0 } .photo img { width: 100% }
    figcaption { font-size: 7pt } table { width: 100%; font-size: 7.5pt; border-collapse: collapse }
    th, td { border-block-end: .4pt solid #999; text-align: start }";

#[test]
fn two_columns_look_as_they_did() {
    let english = "A line of type was cast in one piece, and an operator justified it with wedges between the words. ";
    let persian = "سطر حروف یک‌پارچه ریخته می‌شد و کاربر آن را با گُوِه‌هایی میان واژه‌ها هم‌تراز می‌کرد؛ چنین بود تا ۱۹۷۰. ";
    for (name, language, direction, text, title) in [
        ("columns.png", "en", "ltr", english, "Type and setting"),
        ("columns-persian.png", "fa", "rtl", persian, "حروف و صفحه"),
    ] {
        let html = format!(
            "<html lang={language} dir={direction}><title>{title}</title><h1>{title}</h1><article><p>{0}</p><figure class=photo>
             <img src=press.svg alt=press><figcaption>{title}</figcaption></figure><p>{0}</p><p>{1}</p><p class=quote>{1}</p>
             <p>{0}</p><ul><li>{1}<li>{1}</ul><table><tr><th>{title}<th>1<tr><td>{title}<td>2</table><p>{0}</p></article>",
            text.repeat(4),
            text.trim()
        );
        looks_as_it_did_alone(name, &html, COLUMNS);
    }
}

/// Holds the first page of HTML that is no issue against what was looked at.
fn looks_as_it_did_alone(name: &str, html: &str, style: &str) {
    let options = Options { style, html_name: name, ..Options::default() };
    let set = typeset(html, &options, &Press, &Fonts::builtin()).unwrap();
    assert!(set.warnings.is_empty(), "{:?}", set.warnings);
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, set.value.pdf).unwrap();
    looks_as_it_did(name, &path, 1);
}

/// Notes that are called in columns before and after what spans them, and after the columns.
const NOTES: &str = "@page { @footnote { margin-top: 3mm; padding-top: 1mm; border-top: .4pt solid #999 } }
    .note { float: footnote; font-size: 7pt; line-height: 1.4; text-align: start; margin-bottom: .5mm }
    ::footnote-call { color: #7a1b12; font-size: 6pt; vertical-align: super }";

#[test]
fn notes_of_columns_look_as_they_did() {
    let english = "A line of type was cast in one piece, and an operator justified it with wedges between the words. ";
    let persian = "سطر حروف یک‌پارچه ریخته می‌شد و کاربر آن را با گُوِه‌هایی میان واژه‌ها هم‌تراز می‌کرد؛ چنین بود تا ۱۹۷۰. ";
    for (name, language, direction, text, title) in [
        ("notes-columns.png", "en", "ltr", english, "Type and setting"),
        ("notes-columns-persian.png", "fa", "rtl", persian, "حروف و صفحه"),
    ] {
        let (text, words) = (text.trim(), text.split(' ').take(6).collect::<Vec<_>>().join(" "));
        let note = format!("<span class=note>{title}: {text}</span>");
        let html = format!(
            "<html lang={language} dir={direction}><title>{title}</title><h1>{title}</h1><article><p>{text}{note} {text}
             {text}</p><p>{text} {text}<span class=note>{words}.</span> {text}</p><p class=quote>{words}</p><p>{text} {text}</p>
             <p>{text}{note} {text}</p><p>{text} {text}</p><p>{text}</p></article>
             <h2>{title}</h2><p>{text}<span class=note>{words}.</span> {text}</p>"
        );
        looks_as_it_did_alone(name, &html, &format!("{COLUMNS} {NOTES}"));
    }
}

/// A drawing for every address.
struct Press;

impl Resources for Press {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        let drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 40'><defs><linearGradient id='g' x2='0' y2='1'>
            <stop stop-color='#eee'/><stop offset='1' stop-color='#888'/></linearGradient></defs>
            <rect width='60' height='40' fill='url(#g)'/><circle cx='20' cy='22' r='12' fill='none' stroke='#333' stroke-width='3'/>
            <path d='M32 22 h20 v12 h-20 z' fill='#7a1b12' opacity='.8'/><text x='4' y='8' font-size='6'>Press</text></svg>";
        Some(drawing.as_bytes().into())
    }
}

#[test]
fn a_line_that_moved_is_seen_and_a_shade_is_not() {
    let page = |line: u32, shade: u8| {
        GrayImage::from_fn(60, 60, |x, y| {
            let ink = y.abs_diff(line) < 3 && (10..50).contains(&x);
            Luma([if ink { shade } else { 255 }])
        })
    };
    assert_eq!(difference(&page(20, 0), &page(20, 12)), None);
    assert!(difference(&page(20, 0), &page(26, 0)).is_some());
    assert!(difference(&page(20, 0), &GrayImage::new(60, 61)).is_some());
}
