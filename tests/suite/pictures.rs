//! Pictures as another program sees them: set on a page, drawn by poppler.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, typeset};
use tempfile::TempDir;

use crate::conformance::{faults, tests::validate};
use crate::tools::output_of;

/// Files by name.
#[derive(Default)]
struct Files(BTreeMap<&'static str, Vec<u8>>);

impl Resources for Files {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        self.0.get(url).map(|data| data.clone().into())
    }
}

/// A page that is nothing but what stands in it, and higher than pictures may be.
const STYLE: &str = "@page { size: 100pt 120pt; margin: 0 } html { font-size: 4pt } body, p { margin: 0 }
    img, svg { display: block; width: 100pt; height: 100pt; max-height: none }";

struct Set {
    folder: TempDir,
    path: PathBuf,
    warnings: Vec<String>,
}

fn set(html: &str, files: &Files) -> Set {
    let html = format!("<!doctype html><html lang=en><title>t</title>{html}");
    let options = Options { style: STYLE, html_name: "a.html", ..Options::default() };
    let set = typeset(&html, &options, files, &Fonts::builtin()).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, set.value.pdf).unwrap();
    assert_eq!(faults(&path), Vec::<String>::new());
    validate(std::slice::from_ref(&path));
    Set { folder, path, warnings: set.warnings.iter().map(ToString::to_string).collect() }
}

impl Set {
    /// The first page, a pixel to the point; `None` where poppler is not installed.
    fn drawn(&self) -> Option<RgbImage> {
        let drawn = self.folder.path().join("page");
        let arguments = ["-r", "72", "-png", "-singlefile", self.path.to_str().unwrap(), drawn.to_str().unwrap()];
        output_of("pdftoppm", &arguments)?;
        Some(image::open(drawn.with_extension("png")).unwrap().to_rgb8())
    }

    /// What poppler lists of each picture: its kind, width, height, colours and compression.
    fn listed(&self) -> Option<Vec<Vec<String>>> {
        let table = output_of("pdfimages", &["-list", self.path.to_str().unwrap()])?;
        let rows = table.lines().skip(2).map(|row| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        Some(rows.map(|row| [2, 3, 4, 5, 8].map(|at| row[at].clone()).to_vec()).collect())
    }
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn is_near(found: Rgb<u8>, wanted: [u8; 3]) -> bool {
    found.0.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 40)
}

fn shows(drawn: &RgbImage, points: &[(u32, u32, [u8; 3])]) {
    for (x, y, wanted) in points {
        let found = *drawn.get_pixel(*x, *y);
        assert!(is_near(found, *wanted), "({x}, {y}) is {found:?}, not {wanted:?}");
    }
}

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255; 3];

#[test]
fn jpegs_are_turned_as_they_say() {
    // Each corner has a colour of its own.
    let corners = RgbImage::from_fn(32, 32, |x, y| match (x < 16, y < 16) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(WHITE),
    });
    let plain = encoded(corners.clone(), ImageFormat::Jpeg);
    for exif in 1..=8_u8 {
        let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[exif], &[0; 6]].concat();
        let segment = [b"Exif\0\0".as_slice(), &tiff].concat();
        let mut jpeg = plain.clone();
        jpeg.splice(2..2, [&[0xff, 0xe1][..], &(segment.len() as u16 + 2).to_be_bytes(), &segment].concat());
        let Some(drawn) = set("<img src=a.jpg alt=a>", &Files([("a.jpg", jpeg)].into())).drawn() else { return };
        let mut wanted = DynamicImage::from(corners.clone());
        wanted.apply_orientation(Orientation::from_exif(exif).unwrap());
        let wanted = wanted.to_rgb8();
        shows(
            &drawn,
            &[(20, 20), (80, 20), (20, 80), (80, 80)]
                .map(|(x, y)| (x, y, wanted.get_pixel(x * 32 / 100, y * 32 / 100).0)),
        );
    }
}

#[test]
fn transparency_is_kept_and_colour_does_not_bleed_into_it() {
    let picture = RgbaImage::from_fn(10, 10, |x, _| if x < 5 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) });
    let done = set("<img src=a.png alt=a>", &Files([("a.png", encoded(picture, ImageFormat::Png))].into()));
    let Some(drawn) = done.drawn() else { return };
    shows(&drawn, &[(20, 50, RED), (80, 50, WHITE)]);
    // The same when it is made smaller: the transparent half is black only where nobody sees it.
    let large =
        RgbaImage::from_fn(2000, 2000, |x, _| if x < 1000 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) });
    let done = set("<img src=a.png alt=a>", &Files([("a.png", encoded(large, ImageFormat::Png))].into()));
    let Some(drawn) = done.drawn() else { return };
    let edge = drawn.get_pixel(50, 50).0;
    assert!(edge[0] > 200, "{edge:?}");
    shows(&drawn, &[(20, 50, RED), (80, 50, WHITE)]);
}

/// A PNG of 40 by 40 pixels, each row alike.
fn png(bits: u8, color: u8, palette: &[u8], row: &[u8]) -> Vec<u8> {
    let mut rows = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..40 {
        rows.write_all(&[&[0], row].concat()).unwrap();
    }
    let header = [0, 0, 0, 40, 0, 0, 0, 40, bits, color, 0, 0, 0];
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", &header[..]), (b"PLTE", palette), (b"IDAT", &rows.finish().unwrap()), (b"IEND", &[])]
    {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        if kind != b"PLTE" || !data.is_empty() {
            out.extend((data.len() as u32).to_be_bytes());
            out.extend(kind);
            out.extend(data);
            out.extend(sum.sum().to_be_bytes());
        }
    }
    out
}

#[test]
fn rows_of_pngs_are_drawn_as_they_are() {
    let colors = [RED, GREEN, BLUE].concat();
    let grey = [0; 3];
    // The left half is the one colour, the right half the other.
    for (data, left, right) in [
        (png(8, 2, &[], &[RED.repeat(20), BLUE.repeat(20)].concat()), RED, BLUE),
        (png(8, 0, &[], &[[0; 20], [255; 20]].concat()), grey, WHITE),
        (png(1, 0, &[], &[0, 0, 0x0f, 0xff, 0xff]), grey, WHITE),
        (png(8, 3, &colors, &[[1; 20], [2; 20]].concat()), GREEN, BLUE),
        (png(4, 3, &colors, &[[0x11; 10], [0x22; 10]].concat()), GREEN, BLUE),
        (png(2, 3, &colors, &[[0b0101_0101; 5], [0b1010_1010; 5]].concat()), GREEN, BLUE),
    ] {
        let done = set("<img src=a.png alt=a>", &Files([("a.png", data)].into()));
        let (Some(drawn), Some(listed)) = (done.drawn(), done.listed()) else { return };
        shows(&drawn, &[(20, 50, left), (80, 50, right)]);
        assert_eq!(listed[0][1..3], ["40", "40"]);
    }
}

#[test]
fn pictures_with_more_dots_than_print_needs_are_made_smaller() {
    let photo = RgbImage::from_fn(2000, 1000, |x, y| Rgb([(x / 8) as u8, (y / 4) as u8, ((x * y) / 8000) as u8]));
    let small = RgbImage::from_pixel(100, 100, Rgb([9, 9, 9]));
    let files = Files(
        [
            ("a.jpg", encoded(photo.clone(), ImageFormat::Jpeg)),
            ("b.png", encoded(photo, ImageFormat::Png)),
            ("c.png", encoded(small, ImageFormat::Png)),
            (
                "d.png",
                encoded(image::GrayImage::from_fn(900, 900, |x, y| image::Luma([(x ^ y) as u8])), ImageFormat::Png),
            ),
        ]
        .into(),
    );
    let style = "style='width: 72pt; height: 36pt'";
    let html = format!(
        "<img src=a.jpg alt=a {style}><img src=b.png alt=b {style}><img src=c.png alt=c {style}>
        <img src=d.png alt=d style='width: 72pt; height: 72pt'>"
    );
    let Some(listed) = set(&html, &files).listed() else { return };
    let wanted = [
        ["image", "300", "150", "rgb", "jpeg"],
        ["image", "300", "150", "rgb", "image"],
        ["image", "100", "100", "rgb", "image"],
        ["image", "300", "300", "gray", "image"],
    ];
    assert_eq!(listed, wanted);
}

#[test]
fn graphics_are_drawn_as_vectors() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><defs>
        <linearGradient id='g'><stop stop-color='#f00'/><stop offset='1' stop-color='#00f'/></linearGradient>
        <linearGradient id='f'><stop stop-color='#0f0'/><stop offset='1' stop-color='#0f0' stop-opacity='0'/></linearGradient>
        <radialGradient id='r'><stop stop-color='#0f0'/><stop offset='1' stop-color='#00f'/></radialGradient>
        <clipPath id='c'><rect x='10' y='30' width='40' height='20'/></clipPath>
        <mask id='m'><rect x='50' y='30' width='20' height='20' fill='white'/></mask></defs>
        <rect width='100' height='20' fill='url(#g)'/>
        <rect y='30' width='100' height='20' fill='red' clip-path='url(#c)'/>
        <rect y='30' x='50' width='50' height='20' fill='blue' mask='url(#m)'/>
        <g opacity='.5'><rect y='55' width='50' height='20' fill='red'/><rect y='55' x='20' width='50' height='20' fill='red'/></g>
        <rect y='80' width='40' height='20' fill='url(#f)'/>
        <g transform='translate(50 80) scale(.2)'><rect width='100' height='100' fill='url(#r)'/></g>
        <path d='M80 70 h20' stroke='#0f0' stroke-width='8' transform='rotate(90 90 70)'/></svg>";
    let points = [
        (4, 10, RED),
        (50, 10, [128, 0, 128]),
        (96, 10, BLUE),
        (5, 40, WHITE),
        (30, 40, RED),
        (60, 40, BLUE),
        (85, 40, WHITE),
        (10, 65, [255, 128, 128]),
        // Painted as one, the group is nowhere darker.
        (35, 65, [255, 128, 128]),
        (60, 65, [255, 128, 128]),
        (2, 90, GREEN),
        (20, 90, [128, 255, 128]),
        (38, 90, [243, 255, 243]),
        (60, 90, GREEN),
        (51, 98, BLUE),
        (90, 62, GREEN),
        (82, 70, WHITE),
    ];
    let file = Files([("a.svg", svg.as_bytes().to_vec())].into());
    for html in ["<img src=a.svg alt=a>".to_owned(), svg.replace("<defs>", "<title>a</title><defs>")] {
        let done = set(&html, &file);
        assert_eq!(done.warnings, Vec::<String>::new());
        let (Some(drawn), Some(listed)) = (done.drawn(), done.listed()) else { return };
        shows(&drawn, &points);
        // Masks of gradients are no pictures either.
        assert_eq!(listed, Vec::<Vec<String>>::new());
    }
}

#[test]
fn graphics_that_cannot_be_set_are_told_and_described() {
    let file = Files(
        [
            ("bad.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g>".to_vec()),
            ("a.avif", b"\0\0\0\x20ftypavif\0\0\0\0avifmif1".to_vec()),
            ("f.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><filter id='f'><feOffset dx='1'/></filter><rect filter='url(#f)' width='9' height='9'/></svg>".to_vec()),
        ]
        .into(),
    );
    let done = set(
        "<p><img src=bad.svg alt=broken>\n<img src=a.avif alt=odd>\n<img src=f.svg alt=f>\n<svg><title>t</title></svg>",
        &file,
    );
    let said = done.warnings.join("\n");
    for wanted in [
        "a.html:1:49: the picture `bad.svg` is an SVG that cannot be read",
        "a.html:2:1: the picture `a.avif` is an AVIF",
        "a.html:3:1: the picture `f.svg` is set without what cannot be shown: filters",
    ] {
        assert!(said.contains(wanted), "{wanted}:\n{said}");
    }
    let Some(text) = output_of("pdftotext", &[done.path.to_str().unwrap(), "-"]) else { return };
    assert!(text.contains("broken") && text.contains("odd"), "{text}");
}
