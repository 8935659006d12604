//! Pictures without the place where they were taken.
//!
//! Phones write it into each photograph, and what camera programs note for themselves may hold it, too. So both go before a
//! picture is published, and nothing else changes: the pixels, their colours and how the picture is turned stay as they are,
//! byte for byte. What says no such thing is left alone, and so is what cannot be read.

mod exif;
mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

use memchr::memmem;

/// What XMP has in it that says a place, in numbers or in words.
const PLACES: [&[u8]; 8] = [
    b"GPS",
    b"LocationShown",
    b"LocationCreated",
    b"Iptc4xmpCore:Location",
    b"Iptc4xmpCore:CountryCode",
    b"photoshop:City",
    b"photoshop:State",
    b"photoshop:Country",
];

/// A picture without the place where it was taken; `None` where it says none.
#[must_use]
pub fn unplaced(bytes: &[u8]) -> Option<Vec<u8>> {
    jpeg::unplaced(bytes).or_else(|| png::unplaced(bytes)).or_else(|| webp::unplaced(bytes))
}

/// The bytes of a picture without that place.
#[must_use]
pub fn published(bytes: Vec<u8>) -> Vec<u8> {
    unplaced(&bytes).unwrap_or(bytes)
}

/// The same, of a picture that may stand elsewhere.
pub(super) fn published_of(bytes: &[u8]) -> Cow<'_, [u8]> {
    unplaced(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
}

/// Whether the beginning of a file says that there is more in it than a picture. Only then can it say a place; where it does not,
/// nobody has to read the rest.
#[must_use]
pub fn says_more(head: &[u8]) -> bool {
    let has = |word: &[u8]| memmem::find(head, word).is_some();
    // In the head of WebP one bit says that Exif follows, another XMP.
    let is_extended = head.starts_with(b"RIFF") && head.get(12..16) == Some(b"VP8X");
    let announces =
        is_extended && head.get(20).is_some_and(|flags| flags & (webp::EXIF_FOLLOWS | webp::XMP_FOLLOWS) != 0);
    announces || has(b"Exif\0\0") || has(b"eXIf") || has(b"adobe.xmp") || has(b"/xap/1.0/") || has(b"Raw profile type")
}

/// Whether a packet of XMP says a place.
fn is_placed(packet: &[u8]) -> bool {
    PLACES.iter().any(|name| memmem::find(packet, name).is_some())
}

/// Bytes from `at` on, as many as these.
fn piece(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::exif::tests::{GPS, MAKER_NOTE, tiff};
    use super::{says_more, unplaced};

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        [&[0xff, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
    }

    fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
        let scan = [&segment(0xda, &[1, 1, 0, 0, 63, 0]), &[1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9][..]].concat();
        [&[0xff, 0xd8][..], &segments.concat(), &scan].concat()
    }

    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut sum = flate2::Crc::new();
        sum.update(&kind);
        sum.update(data);
        [&(data.len() as u32).to_be_bytes()[..], &kind, data, &sum.sum().to_be_bytes()].concat()
    }

    fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
        let ends = [chunk(*b"IDAT", b"pixels"), chunk(*b"IEND", b"")].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(*b"IHDR", &[0; 13]), &chunks.concat(), &ends].concat()
    }

    fn riff(flags: u8, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut content = [b"WEBPVP8X\x0a\0\0\0".as_slice(), &[flags], &[0; 9]].concat();
        for (kind, data) in chunks {
            content.extend(*kind);
            content.extend((data.len() as u32).to_le_bytes());
            content.extend(*data);
            content.extend(vec![0; data.len() % 2]);
        }
        [b"RIFF".as_slice(), &(content.len() as u32).to_le_bytes(), &content].concat()
    }

    fn exif(tiff: &[u8]) -> Vec<u8> {
        [b"Exif\0\0".as_slice(), tiff].concat()
    }

    const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude=\"42,40N\"/>";

    #[test]
    fn a_jpeg_loses_its_place_and_keeps_the_rest() {
        let (jfif, icc) = (segment(0xe0, b"JFIF\0\x01\x02"), segment(0xe2, b"ICC_PROFILE\0\x01\x01profile"));
        let (adobe, table) = (segment(0xee, b"Adobe\0d"), segment(0xdb, &[7; 65]));
        let placed = segment(0xe1, &exif(&tiff(true, Some(6), &[GPS])));
        let turned = segment(0xe1, &exif(&tiff(false, Some(6), &[])));
        let parts = |app1: &[Vec<u8>]| {
            jpeg(&[std::slice::from_ref(&jfif), app1, &[icc.clone(), adobe.clone(), table.clone()]].concat())
        };
        // What is left says how the picture is turned, in the one form in which we write it.
        let clean = parts(&[turned]);
        assert_eq!(unplaced(&parts(std::slice::from_ref(&placed))).as_ref(), Some(&clean));
        assert_eq!(unplaced(&parts(&[placed, segment(0xe1, XMP)])).as_ref(), Some(&clean));
        assert_eq!(unplaced(&clean), None);
        // XMP alone may say it as well, and one that does not stays.
        assert_eq!(unplaced(&parts(&[segment(0xe1, XMP)])), Some(parts(&[])));
        let behind = segment(0xe1, b"http://ns.adobe.com/xmp/extension/\0<x:xmpmeta exif:GPSLatitude=\"42,40N\"/>");
        assert_eq!(unplaced(&parts(&[behind])), Some(parts(&[])));
        let town = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta photoshop:City=\"Prizren\"/>");
        assert_eq!(unplaced(&parts(&[town])), Some(parts(&[])));
        let harmless = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta dc:title=\"Prizren\"/>");
        assert_eq!(unplaced(&parts(&[harmless])), None);
        // What a camera notes for itself is no place that we can read.
        let noted = segment(0xe1, &exif(&tiff(true, None, &[MAKER_NOTE])));
        assert_eq!(unplaced(&parts(&[noted])), Some(parts(&[])));
        let plain = segment(0xe1, &exif(&tiff(false, Some(1), &[])));
        assert_eq!(unplaced(&parts(&[plain])), None);
    }

    #[test]
    fn what_phones_write_behind_a_jpeg_goes_with_its_place() {
        let placed = segment(0xe1, &exif(&tiff(false, Some(1), &[GPS])));
        let several = segment(0xe2, b"MPF\0MM\0*");
        let whole = [jpeg(&[placed.clone(), several.clone()]), jpeg(&[placed]), b"ftypmp42".to_vec()].concat();
        assert_eq!(unplaced(&whole), Some(jpeg(&[])));
        let two = [jpeg(std::slice::from_ref(&several)), jpeg(&[])].concat();
        assert_eq!(unplaced(&two), None);
    }

    #[test]
    fn a_png_loses_its_place() {
        let colours = chunk(*b"gAMA", &[0, 0, 0xb1, 0x8f]);
        let placed = chunk(*b"eXIf", &tiff(true, Some(8), &[GPS]));
        let turned = chunk(*b"eXIf", &tiff(false, Some(8), &[]));
        let words = chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), XMP].concat());
        let profile = chunk(*b"zTXt", b"Raw profile type exif\0\0x");
        let title = chunk(*b"tEXt", b"Title\0GPS for walkers");
        assert_eq!(
            unplaced(&png(&[colours.clone(), placed, words, profile, title.clone()])),
            Some(png(&[colours.clone(), turned.clone(), title.clone()]))
        );
        assert_eq!(unplaced(&png(&[colours, turned, title])), None);
    }

    #[test]
    fn a_webp_loses_its_place() {
        let (placed, turned) = (tiff(false, Some(3), &[GPS]), tiff(false, Some(3), &[]));
        let shown: (&[u8; 4], &[u8]) = (b"VP8 ", b"pixel");
        let whole = riff(0x0c, &[shown, (b"EXIF", &placed), (b"XMP ", XMP)]);
        assert_eq!(unplaced(&whole), Some(riff(0x08, &[shown, (b"EXIF", &turned)])));
        // One that was cut off says it still.
        assert_eq!(unplaced(&whole[..whole.len() - 4]), Some(riff(0x08, &[shown, (b"EXIF", &turned)])));
        let upright = riff(0x08, &[shown, (b"EXIF", &exif(&tiff(true, None, &[GPS])))]);
        assert_eq!(unplaced(&upright), Some(riff(0, &[shown])));
        assert_eq!(unplaced(&riff(0x08, &[shown, (b"EXIF", &turned)])), None);
    }

    /// Every beginning of a picture, and every picture of which one byte is another, is read to some end, and what is
    /// made of it says no place that is found.
    #[test]
    fn broken_pictures_are_read_to_some_end() {
        let placed = tiff(false, Some(6), &[GPS, MAKER_NOTE]);
        let words = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), XMP].concat();
        let pictures = [
            jpeg(&[segment(0xe1, &exif(&placed)), segment(0xe1, XMP), segment(0xe2, b"MPF\0")]),
            png(&[chunk(*b"eXIf", &placed), chunk(*b"iTXt", &words)]),
            riff(0x0c, &[(b"VP8 ", b"pixel"), (b"EXIF", &placed), (b"XMP ", XMP)]),
        ];
        for picture in pictures {
            assert!(unplaced(&picture).is_some() && says_more(&picture));
            for end in 0..picture.len() {
                let made = unplaced(&picture[..end]);
                assert!(made.is_none_or(|made| unplaced(&made).is_none()), "{end}");
            }
            for at in 0..picture.len() {
                for other in [0, 1, 0x7f, 0xd9, 0xff] {
                    let mut changed = picture.clone();
                    changed[at] = other;
                    let made = unplaced(&changed);
                    assert!(made.is_none_or(|made| unplaced(&made).is_none()), "{at} {other}");
                }
            }
        }
    }
}
