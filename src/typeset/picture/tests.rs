use std::io::Cursor;
use std::sync::Arc;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::typeset::display::Turn;

struct One(Vec<u8>);

impl Resources for One {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        (url == "a").then(|| self.0.clone().into())
    }
}

fn pictures(data: Vec<u8>) -> Pictures {
    Pictures::probe(["a", "b", "a"], [], &One(data), &Fonts::builtin())
}

fn decoded(data: Vec<u8>) -> Image {
    pictures(data).decode().remove(0).expect("the picture is decoded")
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// Width, height, components, samples and alpha.
fn samples(data: Vec<u8>) -> (u32, u32, u8, Vec<u8>, Option<Vec<u8>>) {
    match decoded(data) {
        Image::Samples { width, height, components, samples, alpha, .. } => (width, height, components, samples, alpha),
        other => panic!("no samples: {other:?}"),
    }
}

/// A PNG written by hand: what encoders do not make.
fn png(header: [u8; 13], chunks: &[(&[u8; 4], &[u8])], rows: &[u8]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        })
    };
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        let body = [kind.as_slice(), data].concat();
        out.extend_from_slice(&(data.len() as u32).to_be_bytes());
        out.extend_from_slice(&body);
        out.extend_from_slice(&crc(&body).to_be_bytes());
    };
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, rows).unwrap();
    chunk(b"IHDR", &header);
    for (kind, data) in chunks {
        chunk(kind, data);
    }
    chunk(b"IDAT", &packed.finish().unwrap());
    chunk(b"IEND", &[]);
    out
}

#[test]
fn png_keeps_its_alpha() {
    let data = encoded(RgbaImage::from_raw(2, 1, vec![255, 0, 0, 255, 0, 0, 255, 128]).unwrap(), ImageFormat::Png);
    let pictures = pictures(data.clone());
    assert_eq!((pictures.index_of("a"), pictures.natural_size(0)), (Some(0), (1.5, 0.75)));
    assert_eq!(pictures.reason("b"), Some("is not at hand"));
    assert_eq!(samples(data), (2, 1, 3, vec![255, 0, 0, 0, 0, 255], Some(vec![255, 128])));
    let opaque = RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 255]));
    assert_eq!(samples(encoded(opaque, ImageFormat::Png)), (1, 1, 3, vec![1, 2, 3], None));
}

#[test]
fn rows_of_a_png_are_passed_through() {
    let picture = RgbImage::from_fn(60, 40, |x, y| Rgb([(x * 4) as u8, (y * 6) as u8, 7]));
    let data = encoded(picture.clone(), ImageFormat::Png);
    let Image::Png { rows, width: 60, height: 40, bits: 8, components: 3, palette, .. } = decoded(data.clone()) else {
        panic!("not passed through");
    };
    assert!(palette.is_empty() && data.windows(rows.len()).any(|part| *part == *rows));
    // Four bits a pixel, of three colours.
    let colours: &[u8] = &[255, 0, 0, 0, 255, 0, 0, 0, 255];
    let lines = [0, 0x01, 0x20, 0x12].repeat(50);
    let data = png([0, 0, 0, 6, 0, 0, 0, 50, 4, 3, 0, 0, 0], &[(b"PLTE", colours)], &lines);
    let Image::Png { width: 6, height: 50, bits: 4, components: 1, palette, .. } = decoded(data) else {
        panic!("not passed through");
    };
    assert_eq!(palette, colours);
}

#[test]
fn rows_that_are_not_all_there_are_not_passed_through() {
    let header = [0, 0, 0, 50, 0, 0, 0, 50, 8, 0, 0, 0, 0];
    let whole = vec![0; 51 * 50];
    assert!(super::png::as_it_is(&png(header, &[], &whole)).is_some());
    for rows in
        [&whole[..51 * 49], &whole[..51 * 50 - 1], &[&whole[..], &[0]].concat(), &[&whole[51..], &[5; 51]].concat()]
    {
        assert!(super::png::as_it_is(&png(header, &[], rows)).is_none());
    }
    let data = png(header, &[], &whole);
    assert!(super::png::as_it_is(&data[..data.len() - 20]).is_none(), "the stream is cut");
    let mut turned = header;
    turned[12] = 1;
    assert!(super::png::as_it_is(&png(turned, &[], &whole)).is_none(), "interlaced");
    assert!(super::png::as_it_is(&png(header, &[(b"tRNS", &[0, 0])], &whole)).is_none(), "transparent");
}

#[test]
fn grey_pictures_stay_grey_and_sixteen_bits_become_eight() {
    let grey = image::GrayImage::from_raw(2, 1, vec![7, 200]).unwrap();
    assert_eq!(samples(encoded(grey, ImageFormat::Png)), (2, 1, 1, vec![7, 200], None));
    let deep = image::ImageBuffer::<Luma<u16>, _>::from_raw(2, 1, vec![0_u16, 0xffff]).unwrap();
    assert_eq!(samples(encoded(deep, ImageFormat::Png)), (2, 1, 1, vec![0, 255], None));
    let deep = image::ImageBuffer::<Rgb<u16>, _>::from_raw(1, 1, vec![0x8080_u16, 0, 0xffff]).unwrap();
    assert_eq!(samples(encoded(deep, ImageFormat::Png)), (1, 1, 3, vec![128, 0, 255], None));
    let faint = image::ImageBuffer::<LumaA<u8>, _>::from_raw(1, 1, vec![9, 100]).unwrap();
    assert_eq!(samples(encoded(faint, ImageFormat::Png)), (1, 1, 1, vec![9], Some(vec![100])));
}

#[test]
fn palettes_with_transparency_and_interlaced_rows_are_read() {
    // One byte a pixel, three colours, the second of which is half transparent.
    let header = [0, 0, 0, 3, 0, 0, 0, 1, 8, 3, 0, 0, 0];
    let colours: &[u8] = &[255, 0, 0, 0, 255, 0, 0, 0, 255];
    let data = png(header, &[(b"PLTE", colours), (b"tRNS", &[255, 128])], &[0, 0, 1, 2]);
    assert_eq!(samples(data), (3, 1, 3, colours.to_vec(), Some(vec![255, 128, 255])));
    // Adam7, 2 by 2 grey pixels: the first pass has one of them, the sixth one, the seventh two.
    let header = [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 1];
    let data = png(header, &[], &[0, 10, 0, 20, 0, 30, 40]);
    assert_eq!(samples(data), (2, 2, 1, vec![10, 20, 30, 40], None));
}

#[test]
fn the_first_picture_of_an_animation_is_shown() {
    let mut data = Vec::new();
    let frame = |r| Frame::new(RgbaImage::from_pixel(2, 2, Rgba([r, 0, 0, 255])));
    GifEncoder::new(&mut data).encode_frames([frame(255), frame(0)]).unwrap();
    let (width, height, _, samples, alpha) = samples(data);
    assert_eq!((width, height, &samples[..3], alpha), (2, 2, &[255, 0, 0][..], None));
    // An animated WebP (VP8X, ANIM, two frames), as its container format has it.
    let still = encoded(RgbaImage::from_pixel(2, 2, Rgba([0, 0, 255, 255])), ImageFormat::WebP);
    let picture = &still[12..];
    let chunk = |kind: &[u8; 4], data: &[u8]| [kind.as_slice(), &(data.len() as u32).to_le_bytes(), data].concat();
    // Place, size less one, duration and flags: 24 bits each but the last.
    let frame = |data: &[u8]| [&[0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 100, 0, 0, 2][..], data].concat();
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[2, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
        chunk(b"ANIM", &[0; 6]),
        chunk(b"ANMF", &frame(picture)),
        chunk(b"ANMF", &frame(picture)),
    ];
    let data = chunk(b"RIFF", &body.concat());
    let (width, height, _, samples, _) = self::samples(data);
    assert_eq!((width, height, &samples[..3]), (2, 2, &[0, 0, 255][..]));
}

/// A JPEG with an Exif segment that says how it is to be turned.
fn turned(exif: u8) -> Vec<u8> {
    let mut jpeg = encoded(RgbImage::from_pixel(30, 20, Rgb([90, 90, 90])), ImageFormat::Jpeg);
    let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[exif], &[0; 6]].concat();
    let segment = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    let marker = [&[0xff, 0xe1][..], &length, &segment].concat();
    jpeg.splice(2..2, marker);
    jpeg
}

#[test]
fn jpeg_is_passed_through_and_turned_as_it_says() {
    let data = encoded(RgbImage::new(3, 2), ImageFormat::Jpeg);
    let header = jpeg::header(&data).unwrap();
    assert_eq!((header.width, header.height, header.components), (3, 2, 3));
    assert_eq!(jpeg::header(&data[..20]), None);
    let Image::Jpeg { data: kept, width: 3, height: 2, components: 3, turn, .. } = decoded(data.clone()) else {
        panic!()
    };
    assert_eq!((&*kept, turn), (&*data, Turn::default()));
    let grey = encoded(image::GrayImage::new(3, 2), ImageFormat::Jpeg);
    assert!(matches!(decoded(grey), Image::Jpeg { components: 1, .. }));
    for exif in 1..=8 {
        let data = turned(exif);
        let pictures = pictures(data);
        let wanted = if exif > 4 { (15.0, 22.5) } else { (22.5, 15.0) };
        assert_eq!(pictures.natural_size(0), wanted, "{exif}");
        let Ok(Image::Jpeg { width: 30, height: 20, turn, .. }) = pictures.decode().remove(0) else { panic!() };
        assert_eq!(turn.exif(), exif);
    }
}

#[test]
fn says_what_is_wrong() {
    let reason = |data: &[u8]| pictures(data.to_vec()).reason("a").map(str::to_owned).unwrap_or_default();
    assert!(reason(b"<svg xmlns='http://www.w3.org/2000/svg'><path").contains("SVG that cannot be read"));
    assert!(reason(b"hello").contains("not a JPEG"));
    assert!(reason(b"\0\0\0\x20ftypavif\0\0\0\0avifmif1").contains("AVIF"));
    let png = encoded(RgbImage::new(2, 2), ImageFormat::Png);
    assert!(reason(&png[..30]).contains("cannot be decoded"));
}

fn svg(body: &str) -> (super::super::display::drawing::Drawing, String) {
    let text =
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20' viewBox='0 0 80 40'>{body}</svg>");
    let pictures = pictures(text.into_bytes());
    let left_out = pictures.left_out("a").unwrap_or_default().to_owned();
    match pictures.decode().remove(0) {
        Ok(Image::Drawing(drawing)) => (*drawing, left_out),
        other => panic!("no drawing: {other:?}"),
    }
}

#[test]
fn svg_becomes_paths_in_its_own_units() {
    use super::super::display::drawing::{Paint, Segment, Shape};
    let (drawing, left_out) =
        svg("<rect x='20' y='10' width='40' height='20' fill='#f00' stroke='blue' stroke-width='4'/>");
    assert_eq!((drawing.width, drawing.height, left_out.as_str()), (40.0, 20.0, ""));
    let [Shape::Path { outline, fill: Some(Paint::Color(fill)), stroke: Some(stroke), .. }] = &drawing.root.shapes[..]
    else {
        panic!("{:?}", drawing.root)
    };
    assert_eq!((fill.r, fill.g, stroke.width, outline.segments[0]), (255, 0, 2.0, Segment::Move([10.0, 5.0])));
}

#[test]
fn svg_keeps_gradients_clips_opacity_and_masks() {
    use super::super::display::drawing::{Course, Paint, Shape};
    let (drawing, left_out) =
        svg("<defs><linearGradient id='g'><stop stop-color='red'/><stop offset='1' stop-opacity='0'/>
        </linearGradient><clipPath id='c'><circle cx='20' cy='20' r='9'/></clipPath>
        <mask id='m'><rect width='80' height='40' fill='white'/></mask></defs>
        <g clip-path='url(#c)' opacity='.5' mask='url(#m)'><rect width='80' height='40' fill='url(#g)'/></g>");
    assert_eq!(left_out, "");
    let [Shape::Layer(layer)] = &drawing.root.shapes[..] else { panic!("{:?}", drawing.root) };
    assert_eq!((layer.opacity, layer.clips.len(), layer.mask.is_some()), (128, 1, true));
    let [Shape::Path { fill: Some(Paint::Gradient(gradient, 255)), .. }] = &layer.shapes[..] else {
        panic!("{layer:?}")
    };
    assert!(matches!(gradient.course, Course::Linear(_)) && gradient.stops[1].1.a == 0);
}

#[test]
fn text_of_svg_becomes_outlines_of_our_fonts() {
    let (latin, left_out) = svg("<text x='4' y='20' font-size='10'>Type</text>");
    assert_eq!((latin.root.shapes.is_empty(), left_out.as_str()), (false, ""));
    let (arabic, _) = svg("<text x='70' y='20' font-size='10' font-family='serif'>سلام</text>");
    assert!(!arabic.root.shapes.is_empty());
}

#[test]
fn what_an_svg_cannot_show_is_told_and_nothing_outside_of_it_is_read() {
    let (drawing, left_out) = svg("<image href='/etc/hostname' width='9' height='9'/><image href='https://e.org/a.png'
        width='9' height='9'/><rect width='9' height='9'/>");
    assert_eq!(
        (drawing.pictures.len(), drawing.root.shapes.len(), left_out.as_str()),
        (0, 1, "pictures in other files")
    );
    let (_, left_out) = svg("<defs><pattern id='p' width='4' height='4'><rect width='2' height='2'/></pattern><filter id='f'>
        <feGaussianBlur stdDeviation='2'/></filter></defs><rect width='9' height='9' fill='url(#p)'/>
        <g filter='url(#f)'><rect width='9' height='9'/></g><g style='mix-blend-mode:multiply'><rect width='9' height='9'/></g>");
    assert_eq!(left_out, "blend modes, filters, patterns");
}

#[test]
fn pictures_inside_of_an_svg_are_kept() {
    use base64::Engine as _;
    let png = encoded(RgbImage::from_pixel(4, 2, Rgb([1, 2, 3])), ImageFormat::Png);
    let png = base64::engine::general_purpose::STANDARD.encode(png);
    let (drawing, left_out) =
        svg(&format!("<image href='data:image/png;base64,{png}' x='0' y='0' width='40' height='20'/>"));
    assert_eq!((drawing.pictures.len(), left_out.as_str()), (1, ""));
    assert!(matches!(drawing.pictures[0], Image::Samples { width: 4, height: 2, .. }));
}

/// One block of eight by eight pixels in four inks, stored as Adobe does: 255 is no ink.
fn cmyk(inks: [bool; 4]) -> Vec<u8> {
    // The mean of a block is told in ten bits after the code 10; nothing else follows but the end of the block, 0.
    let bits: String = inks.iter().map(|ink| if *ink { "1000000001110" } else { "1011111110000" }).collect();
    let padded = format!("{bits}{}", "1".repeat(bits.len().next_multiple_of(8) - bits.len()));
    let bytes =
        padded.as_bytes().chunks(8).map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap());
    let data: Vec<u8> = bytes.flat_map(|byte| if byte == 255 { vec![255, 0] } else { vec![byte] }).collect();
    let segment = |marker: u8, data: &[u8]| [&[255, marker][..], &(data.len() as u16 + 2).to_be_bytes(), data].concat();
    let frame = [8, 0, 8, 0, 8, 4, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0];
    let table = |class: u8, counts: [u8; 2], values: &[u8]| [&[class][..], &counts, &[0; 14], values].concat();
    [
        vec![255, 0xd8],
        segment(0xee, b"Adobe\0d\0\0\0\0\0"),
        segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        segment(0xc0, &frame),
        segment(0xc4, &table(0, [1, 1], &[0, 10])),
        segment(0xc4, &table(16, [1, 0], &[0])),
        segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
        data,
        vec![255, 0xd9],
    ]
    .concat()
}

#[test]
fn cmyk_pictures_become_rgb() {
    for (inks, wanted) in [
        ([false, true, true, false], [255, 0, 0]),
        ([true, false, false, false], [0, 255, 255]),
        ([false, false, false, false], [255, 255, 255]),
        ([false, false, false, true], [0, 0, 0]),
    ] {
        let (width, height, components, samples, alpha) = samples(cmyk(inks));
        assert_eq!((width, height, components, alpha), (8, 8, 3, None));
        let near = samples[..3].iter().zip(wanted).all(|(found, wanted): (&u8, u8)| found.abs_diff(wanted) < 8);
        assert!(near, "{inks:?}: {:?}", &samples[..3]);
    }
}

#[test]
fn a_graphic_that_nests_endlessly_ends() {
    let deep = format!("{}<rect width='1' height='1'/>{}", "<g opacity='.9'>".repeat(3_000), "</g>".repeat(3_000));
    let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'>{deep}</svg>");
    assert!(pictures(text.into_bytes()).reason("a").is_some_and(|reason| reason.contains("SVG")));
    let ring =
        "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><defs><g id='a'><use href='#b'/></g><g id='b'>
        <use href='#a'/></g></defs><use href='#a'/></svg>";
    assert!(pictures(ring.into()).reason("a").is_some_and(|reason| reason.contains("SVG")));
}

/// Only reading all of its data would tell, which would cost more than setting the page: such a file is passed on.
#[test]
fn a_jpeg_with_too_little_data_that_ends_as_it_should_is_passed_on() {
    let whole = encoded(RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8 * 3, y as u8 * 3, 90])), ImageFormat::Jpeg);
    let short = [&whole[..whole.len() * 2 / 3], &[0xff, 0xd9]].concat();
    assert!(!pictures(short.clone()).is_cut_short("a"));
    assert!(matches!(decoded(short.clone()), Image::Jpeg { data, .. } if *data == *short));
}

#[test]
fn a_jpeg_whose_end_is_missing_is_cut_short() {
    let whole = encoded(RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8 * 3, y as u8 * 3, 90])), ImageFormat::Jpeg);
    let cut = whole[..whole.len() * 2 / 3].to_vec();
    assert!(!pictures(whole.clone()).is_cut_short("a"));
    assert!(pictures(cut.clone()).is_cut_short("a"));
    // A smaller picture in the header ends, the picture itself does not.
    let thumbnail = [&[0xff, 0xe1, 0, 8], &b"Exif\xff\xd9"[..]].concat();
    assert!(pictures([&cut[..2], &thumbnail, &cut[2..]].concat()).is_cut_short("a"));
    assert!(matches!(decoded(cut), Image::Jpeg { .. }));
}
