//! Documents of every kind conform; what keeps one from conforming is told, and then not claimed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use lopdf::{Document, Object};
use masthead::error::Warned;
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, Typeset, typeset};
use tempfile::TempDir;

use super::{claims, faults};
use crate::golden::files;
use crate::samples::bilingual;
use crate::tools::{output_of, python_has, root};

/// A colour profile: the primaries of P3 with the curve of sRGB.
const WIDE: &[u8] = include_bytes!("wide.icc");

/// A picture for every address.
pub(crate) struct Pictures;

impl Resources for Pictures {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        let mut out = std::io::Cursor::new(Vec::new());
        if url.starts_with("wide") {
            let mut encoder = image::codecs::png::PngEncoder::new(&mut out);
            image::ImageEncoder::set_icc_profile(&mut encoder, WIDE.to_vec()).ok()?;
            let (width, height) = (40 + url.len() as u32, 30);
            let picture = image::RgbaImage::from_pixel(width, height, image::Rgba([200, 20, 20, 200]));
            picture.write_with_encoder(encoder).ok()?;
        } else if url.ends_with(".jpg") {
            image::RgbImage::from_pixel(40, 30, image::Rgb([200, 120, 40]))
                .write_to(&mut out, image::ImageFormat::Jpeg)
                .ok()?;
        } else {
            let translucent = image::Rgba([20, 80, 160, 128]);
            image::RgbaImage::from_pixel(40, 30, translucent).write_to(&mut out, image::ImageFormat::Png).ok()?;
        }
        Some(out.into_inner().into())
    }
}

/// Sets a text and writes it into a folder.
fn set(folder: &Path, name: &str, html: &str, style: &str) -> (PathBuf, Vec<String>) {
    let options = Options { style, style_name: "print.css", html_name: name, ..Options::default() };
    let Warned { value: Typeset { pdf, .. }, warnings } =
        typeset(html, &options, &Pictures, &Fonts::builtin()).expect("the document is written");
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    (path, warnings.iter().map(ToString::to_string).collect())
}

/// Holds files against the readers of the standards that are not ours.
pub(crate) fn validate(paths: &[PathBuf]) {
    let script = root().join("tests/suite/conformance/validate.py").display().to_string();
    if python_has("pdfua") && python_has("pdf_oxide") {
        let mut arguments = vec![script.as_str()];
        arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
        let said = output_of("python3", &arguments).unwrap_or_default();
        assert!(said.is_empty(), "{said}");
    }
    for path in paths {
        let Some(report) = output_of("qpdf", &["--check", path.to_str().unwrap()]) else { return };
        assert!(report.contains("No syntax or stream encoding errors found"), "{report}");
    }
}

fn conforms(paths: &[PathBuf]) {
    for path in paths {
        assert_eq!(claims(path), (true, Some('A')), "{}", path.display());
        assert_eq!(faults(path), Vec::<String>::new(), "{}", path.display());
    }
    validate(paths);
}

pub(crate) const EVERYTHING: &str = include_str!("everything.html");

pub(crate) const STYLE: &str =
    "@page { size: A5; margin: 20mm; background-color: #fffdf5; @top-left { content: string(title) }
    @bottom-center { content: counter(page) } @left-middle { content: 'side' } }
    h1 { string-set: title content() } mark { background-color: rgba(255, 220, 0, .5) }
    nav a::after { content: leader('.') target-counter(attr(href), page) }
    .two { columns: 2 } .right { float: right; width: 40% }";

#[test]
fn every_element_conforms_in_every_direction() {
    let folder = TempDir::new().unwrap();
    let paths: Vec<PathBuf> = [("en", "ltr"), ("fa", "rtl"), ("ar", "rtl")]
        .iter()
        .map(|(language, direction)| {
            let html = EVERYTHING.replace("lang=\"en\"", &format!("lang=\"{language}\" dir=\"{direction}\""));
            let (path, warnings) = set(folder.path(), language, &html, STYLE);
            assert_eq!(warnings, Vec::<String>::new());
            path
        })
        .collect();
    conforms(&paths);
}

#[test]
fn the_issues_of_a_publication_conform() {
    let publication = bilingual().published();
    conforms(&files(&publication.path("public"), "pdf"));
}

#[test]
fn odd_markup_conforms_too() {
    let folder = TempDir::new().unwrap();
    let head = "<html lang=en><title>t</title>";
    let samples = [
        (
            "forms",
            "<form>Name <input value=a> <input type=checkbox checked><select><option>one<option>two</select><textarea>b</textarea>
             <math><mi>y</mi><mo>=</mo><msqrt><mn>2</mn></msqrt></math> <video src='https://example.org/a.mp4' title=c></video>
             <object data=d>e</object><ul><iframe src='https://example.org/'></iframe></ul><button>f</button></form>",
        ),
        ("headings", "<h4>a<h2>b<h6>c<h1>d<h1></h1><h3>e <span style='display:block'>f</span></h3>"),
        ("lists", "<ul>stray<li>a<p>b<div>c</div><ul><li>d</ul></ul><li>lone<dl><dd>x<dt>y<dt>z<dd>v<dd>w<p>u</dl>"),
        ("terms", "<dl><div><dt>a<dd>b</div><div><dt>c<dd>d</div></dl><dt>e<dd>f"),
        ("rows", "<table><tr><th>a<tr><td>b<td>c<td>d<tr><td rowspan=9>e<td colspan=2>f<tr><td>g</table>"),
        ("spans", "<table><tr><th colspan=2>a<th rowspan=3>b<tr><td rowspan=2>c<td>d<tr><td colspan=3>e</table>"),
        (
            "heads",
            "<table><thead><tr><th>only<thead><tr><th>heads</table><table><tfoot><tr><th>a<tbody><tr><td>b</table>",
        ),
        ("captions", "<table><caption>a<caption>b<tr><th>c</table><table><caption>d<tr><td>no head</table>"),
        ("cells", "<table><tr><th></th><td></td><tr><td><table><tr><th>in<td>ner</table><td><ul><li>x</ul></table>"),
        (
            "css",
            "<div style='display:table'><p>a<div style='display:table-row'><b style='display:table-cell'>b</b></div></div>",
        ),
        (
            "links",
            "<a href=#x><p>block</a><a href=https://e.org/><img src=a.png alt=''></a><p id=x><a href='#no'>where</a>",
        ),
        (
            "nav",
            "<nav>text<p>p<ol><li>x<ul><li><a href=#y>y</a></ul><li><h3 id=y>h</h3><table><tr><th>t</table></ol></nav>",
        ),
        (
            "figures",
            "<figure><figcaption>c</figcaption><img src=a.png alt=x></figure><p>in <img src=a.jpg title=t> line",
        ),
        (
            "faded",
            "<div style='opacity: .5; background: #eee; border: 1pt solid'><img src=a.png alt=x> a <progress value=1 max=4></progress></div>",
        ),
        ("block-table", "<style>table{display:block;overflow:auto}</style><table><caption>c<tr><th>a<th>b<tr><td>c<td>d</table>"),
        ("no-heads", "<style>thead{display:none}</style><table><thead><tr><th>a<th>b</thead><tr><td>c<td>d</table>"),
        ("no-rows", "<style>tr{display:block}</style><table><caption>c<tr><th>a<th>b<tr><td>c<td>d</table>"),
        (
            "responsive",
            "<style>table,tr,td,th{display:block}td::before{content:'x: ';float:left}</style><table><caption>c<tr><th>a<td>b</table>
             <div class=n><table><tr><th style='float:left'>a<td>b</table></div><table role=presentation><tr><th>a</table>",
        ),
        (
            "boxed-links",
            "<style>a{display:block}.i{display:inline-block}.f{float:left}.t{display:table-cell}a::after{content:'x';display:inline-block}</style>
             <a href=https://e.org/><h2>h</h2><p>p<img src=a.png alt=b style='display:block'></p></a><p>x <a class=i href=#y>b</a>
             <a class=f href=#y><b>c</b></a></p><ul><li><a href=#y>d</a></ul><nav><ol><li><a href=#y>e</a></ol></nav><p id=y>y
             <a class=t href=#y>f</a> <del>g <a href=#y>h</a></del><table><tr><th><a href=#y>i</a><td><a class=t href=#y>j</a></table>",
        ),
        ("tasks", "<ul><li style='list-style: none'>\u{2611} a<ul><li>b</ul><li>c</ul>"),
        ("nothing", ""),
        ("empty", "<p></p><h1> </h1><ul></ul><table><tr><td></table>"),
    ];
    let mut paths: Vec<PathBuf> =
        samples.iter().map(|(name, html)| set(folder.path(), name, &format!("{head}{html}"), STYLE).0).collect();
    let rows = "<tr><td>a<td>b".repeat(200);
    let table = format!("{head}<table><thead><tr><th>h<th>i<tfoot><tr><td>f<td>g<tbody>{rows}</table>");
    paths.push(set(folder.path(), "feet", &table, STYLE).0);
    conforms(&paths);
}

#[test]
fn profiles_of_pictures_stand_in_the_file_once() {
    let folder = TempDir::new().unwrap();
    let inner = base64::engine::general_purpose::STANDARD.encode(Pictures.get("wide").unwrap());
    let html = format!(
        "<html lang=en><title>t</title><p><img src=wide.png alt=a> <img src=wider.png alt=b> <img src=a.png alt=c>
         <svg viewBox='0 0 4 3' aria-label=d><image href='data:image/png;base64,{inner}' width='4' height='3'/></svg>"
    );
    let (path, warnings) = set(folder.path(), "wide", &html, "");
    assert_eq!(warnings, Vec::<String>::new());
    conforms(std::slice::from_ref(&path));
    let file = Document::load(&path).unwrap();
    let streams: Vec<&lopdf::Stream> = file.objects.values().filter_map(|object| object.as_stream().ok()).collect();
    let profiles = streams.iter().filter(|stream| stream.decompressed_content().is_ok_and(|data| data == WIDE));
    assert_eq!(profiles.count(), 1);
    let spaces = streams.iter().filter_map(|stream| stream.dict.get(b"ColorSpace").ok()?.as_array().ok());
    assert_eq!(spaces.filter(|space| space[0].as_name().is_ok_and(|family| family == b"ICCBased")).count(), 3);
}

#[test]
fn what_keeps_a_document_from_a_claim_is_told_and_it_does_not_make_it() {
    let folder = TempDir::new().unwrap();
    let head = "<!doctype html><html lang=en><title>t</title>";
    for (name, html, said) in [
        ("no-title", "<html lang=en><p>a", "no title"),
        ("no-language", "<title>t</title><p>a", "no language"),
        (
            "no-alt",
            &format!("{head}<p>a\n<p><img src=a.png><p><img src=b.png>"),
            "no-alt:2:4: 2 pictures have no description",
        ),
    ] {
        let (path, warnings) = set(folder.path(), name, html, "");
        assert!(warnings.len() == 1 && warnings[0].contains(said), "{name}: {warnings:?}");
        assert!(warnings[0].contains("cannot claim to be PDF/UA"), "{warnings:?}");
        assert_eq!(claims(&path), (false, Some('A')), "{name}");
    }
    let (path, warnings) = set(folder.path(), "decoration", &format!("{head}<p><img src=a.png alt=''>a"), "");
    assert_eq!((claims(&path), warnings), ((true, Some('A')), Vec::new()));
}

#[test]
fn a_character_that_no_font_has_is_told_and_shows_a_sign_that_keeps_it() {
    let folder = TempDir::new().unwrap();
    let (path, warnings) = set(folder.path(), "odd", "<html lang=en><title>t</title><p>before ሴ after", "");
    assert!(warnings.len() == 1 && warnings[0].contains("no font has `ሴ` (U+1234)"), "{warnings:?}");
    conforms(std::slice::from_ref(&path));
    let Some(text) = output_of("pdftotext", &[path.to_str().unwrap(), "-"]) else { return };
    assert!(text.contains("before ሴ after"), "{text}");
}

/// The checks must be able to fail: each of these changes makes a file that conforms one that does not.
#[test]
fn the_checks_find_what_is_broken() {
    let folder = TempDir::new().unwrap();
    let (path, _) = set(folder.path(), "whole", EVERYTHING, STYLE);
    let broken = |clause: &str, change: &dyn Fn(&mut Document)| {
        let mut document = Document::load(&path).unwrap();
        change(&mut document);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        let faults = super::faults_of(&bytes);
        assert!(faults.iter().any(|fault| fault.contains(clause)), "{clause}: {faults:?}");
    };
    let roles = |document: &mut Document, from: &'static [u8], change: &dyn Fn(&mut lopdf::Dictionary)| {
        let elements = document.objects.values_mut().filter_map(|object| object.as_dict_mut().ok());
        for element in elements {
            if element.get(b"S").and_then(Object::as_name).is_ok_and(|role| role == from) {
                change(element);
            }
        }
    };
    let renamed = |from: &'static [u8], to: &'static [u8]| {
        move |document: &mut Document| {
            roles(document, from, &|element: &mut lopdf::Dictionary| element.set("S", Object::Name(to.to_vec())));
        }
    };
    broken("UA 7.4.2", &renamed(b"H2", b"H5"));
    broken("14.8.4", &renamed(b"LBody", b"P"));
    broken("UA 7.1", &renamed(b"Note", b"Footnote"));
    broken("UA 7.18.5", &renamed(b"Link", b"Span"));
    for (role, key, clause) in [
        (b"Figure".as_slice(), "Alt", "UA 7.3"),
        (b"TH", "A", "UA 7.5"),
        (b"L", "A", "UA 7.6"),
        (b"Note", "ID", "UA 7.9"),
        (b"TD", "A", "UA 7.2"),
        (b"P", "P", "14.7.2"),
    ] {
        broken(clause, &|document| {
            roles(document, role, &|element| {
                element.remove(key.as_bytes());
            });
        });
    }
    let catalog = |clause: &str, key: &'static [u8]| {
        broken(clause, &|document| {
            document.catalog_mut().unwrap().remove(key);
        });
    };
    catalog("UA 7.2", b"Lang");
    catalog("UA 6.2", b"MarkInfo");
    catalog("UA 7.1", b"StructTreeRoot");
    catalog("A 6.2.3", b"OutputIntents");
    catalog("A 6.6.2", b"Metadata");
    catalog("UA 7.1", b"ViewerPreferences");
    let page = |clause: &str, from: &'static str, to: &'static str| {
        broken(clause, &|document| {
            let first = *document.get_pages().values().next().unwrap();
            let content = String::from_utf8_lossy(&document.get_page_content(first)).into_owned();
            document.change_page_content(first, content.replacen(from, to, 1).into_bytes()).unwrap();
        });
    };
    page("UA 7.1", "/Artifact", "/Span");
    page("14.7.4.4", "/MCID 0>>", "/MCID 900>>");
    broken("UA 7.21.5", &|document| {
        let fonts = document.objects.values_mut().filter_map(|object| object.as_dict_mut().ok());
        for fonts in fonts.filter_map(|font| font.get_mut(b"DescendantFonts").ok()?.as_array_mut().ok()) {
            fonts[0].as_dict_mut().unwrap().remove(b"W");
        }
    });
    broken("A 6.5", &|document| document.catalog_mut().unwrap().set("OpenAction", Object::Null));
}
