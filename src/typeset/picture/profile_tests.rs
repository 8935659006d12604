//! Pictures keep the profiles that say what their colours are.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::profile::read;
use super::{Image, Pictures, Resources};
use crate::typeset::fonts::Fonts;
use crate::typeset::{Options, layout};

/// A profile of a display with the primaries of P3 and the curve of sRGB.
const WIDE: &[u8] = include_bytes!("../../../tests/suite/conformance/wide.icc");

struct One(Vec<u8>);

impl Resources for One {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        Some(self.0.clone().into())
    }
}

fn encoded(mut encoder: impl ImageEncoder, picture: &DynamicImage, profile: &[u8]) {
    encoder.set_icc_profile(profile.to_vec()).unwrap();
    picture.write_with_encoder(encoder).unwrap();
}

fn png(picture: impl Into<DynamicImage>, profile: &[u8]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    encoded(PngEncoder::new(&mut out), &picture.into(), profile);
    out.into_inner()
}

fn jpeg(picture: impl Into<DynamicImage>, profile: &[u8]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    encoded(JpegEncoder::new(&mut out), &picture.into(), profile);
    out.into_inner()
}

fn webp(picture: impl Into<DynamicImage>, profile: &[u8]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    encoded(WebPEncoder::new_lossless(&mut out), &picture.into(), profile);
    out.into_inner()
}

/// A picture, and what is not shown of it.
fn decoded(data: Vec<u8>) -> (Image, String) {
    let pictures = Pictures::probe(["a"], [], &One(data), &Fonts::builtin());
    let left_out = pictures.left_out("a").unwrap_or_default().to_owned();
    (pictures.decode().remove(0).expect("the picture is decoded"), left_out)
}

/// The profile with other bytes at a place.
fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut profile = WIDE.to_vec();
    profile[at..at + bytes.len()].copy_from_slice(bytes);
    profile
}

/// The profile with another tag, and other contents from there on.
fn with_tag(from: [u8; 4], to: [u8; 4], contents: Option<&[u8]>) -> Vec<u8> {
    let entry = WIDE.windows(4).position(|four| four == from).unwrap();
    let mut profile = with(entry, &to);
    let offset = u32::from_be_bytes(profile[entry + 4..entry + 8].try_into().unwrap()) as usize;
    if let Some(contents) = contents {
        profile[offset..offset + contents.len()].copy_from_slice(contents);
    }
    profile
}

fn soft() -> RgbImage {
    RgbImage::from_fn(60, 40, |x, y| Rgb([(x * 4) as u8, (y * 6) as u8, 7]))
}

#[test]
fn pictures_of_every_kind_keep_their_profile() {
    let faint = RgbaImage::from_pixel(4, 4, Rgba([200, 10, 10, 99]));
    for (kind, data) in [
        ("jpeg", jpeg(soft(), WIDE)),
        ("png", png(soft(), WIDE)),
        ("translucent png", png(faint.clone(), WIDE)),
        ("webp", webp(faint, WIDE)),
    ] {
        let (picture, left_out) = decoded(data);
        assert_eq!((picture.profile().map(|own| &**own), left_out.as_str()), (Some(WIDE), ""), "{kind}");
    }
    let grey = with(16, b"GRAY");
    let entry = grey.windows(4).position(|four| four == b"rTRC").unwrap();
    let grey = [&grey[..entry], b"kTRC", &grey[entry + 4..]].concat();
    assert_eq!(read(&grey, 1), Ok(None), "the curve is that of sRGB");
    let curve = grey.windows(4).position(|four| four == b"para").unwrap();
    let grey = [&grey[..curve + 12], &(2_u32 << 16).to_be_bytes(), &grey[curve + 16..]].concat();
    let (picture, left_out) = decoded(jpeg(GrayImage::new(9, 9), &grey));
    assert_eq!((picture.profile().map(|own| &**own), left_out.as_str()), (Some(&*grey), ""));
}

#[test]
fn a_profile_stands_in_no_jpeg_that_is_embedded() {
    let (Image::Jpeg { data, .. }, _) = decoded(jpeg(soft(), WIDE)) else { panic!() };
    let bare = jpeg(soft(), &[]);
    assert_eq!(*data, *bare);
}

#[test]
fn what_is_made_smaller_keeps_its_profile() {
    let wide = |data| {
        let options = Options { html_name: "a.html", ..Options::default() };
        layout("<img src=a alt=b width=20 height=20>", &options, &One(data), &Fonts::builtin()).value
    };
    let large = RgbImage::from_fn(600, 600, |x, y| Rgb([(x * y) as u8, (y * 6) as u8, (x * 7) as u8]));
    for data in [jpeg(large.clone(), WIDE), png(large, WIDE)] {
        let document = wide(data);
        let picture = &document.images[0];
        assert!(matches!(picture, Image::Jpeg { width: ..99, .. } | Image::Samples { width: ..99, .. }));
        assert_eq!(picture.profile().map(|own| &**own), Some(WIDE));
    }
}

#[test]
fn srgb_needs_no_profile() {
    let fixed = |values: [f64; 3]| values.map(|value| ((value * 65_536.0) as i32).to_be_bytes()).concat();
    let mut profile = WIDE.to_vec();
    // As they are in most files: rounded to four places.
    for (tag, values) in
        [(b"rXYZ", [0.4361, 0.2225, 0.0139]), (b"gXYZ", [0.3851, 0.7169, 0.0971]), (b"bXYZ", [0.1431, 0.0606, 0.7141])]
    {
        let element = [b"XYZ \0\0\0\0".as_slice(), &fixed(values)].concat();
        let changed = with_tag(*tag, *tag, Some(&element));
        for (own, new) in profile.iter_mut().zip(changed).zip(WIDE).filter(|((_, new), old)| new != *old).map(|x| x.0) {
            *own = new;
        }
    }
    let (picture, left_out) = decoded(png(soft(), &profile));
    assert_eq!((picture.profile(), left_out.as_str()), (None, ""));
    assert_eq!(read(&profile, 1), Ok(None), "nor a grey picture");
    // A gamma of 2.2 is another curve.
    let curve = profile.windows(4).position(|four| four == b"para").unwrap();
    profile[curve..curve + 16].copy_from_slice(b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0");
    assert!(matches!(read(&profile, 3), Ok(Some(_))));
}

#[test]
fn a_profile_that_does_not_fit_is_left_out_and_told() {
    for (profile, components, fault) in [
        (WIDE[..300].to_vec(), 3, "is broken"),
        (with(36, b"none"), 3, "is broken"),
        (with(128, &[0, 0, 1, 0]), 3, "is broken"),
        (with_tag(*b"bXYZ", *b"none", None), 3, "is broken"),
        (with_tag(*b"gXYZ", *b"gXYZ", Some(b"text")), 3, "is broken"),
        (with(8, &[5]), 3, "is of a version that PDF does not know"),
        (with(12, b"link"), 3, "is none of a device"),
        (with(16, b"CMYK"), 3, "is one of four inks"),
        (WIDE.to_vec(), 1, "is one of other colours"),
    ] {
        assert_eq!(read(&profile, components), Err(fault));
    }
    // What follows the profile is none of it.
    assert_eq!(read(&[WIDE, b"more"].concat(), 3), Ok(Some(WIDE.into())));
    let (picture, left_out) = decoded(jpeg(soft(), &WIDE[..300]));
    let said = "its colour profile, which is broken; its colours are taken for sRGB";
    assert_eq!((picture.profile(), left_out.as_str()), (None, said));
    let mut torn = png(soft(), WIDE);
    let chunk = torn.windows(4).position(|four| four == b"iCCP").unwrap();
    torn[chunk + 20..chunk + 40].fill(0xaa);
    assert_eq!(decoded(torn).1, said);
}
