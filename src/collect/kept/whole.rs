//! Whether a picture is all there: a server that breaks off may say that it was all.

use memchr::memmem;

/// Whether a picture ends before its end. Of kinds whose ends are not known here none does.
#[must_use]
pub fn is_cut(picture: &[u8]) -> bool {
    match picture {
        [0x89, b'P', b'N', b'G', ..] => memmem::rfind(picture, b"IEND").is_none(),
        [0xff, 0xd8, ..] => is_jpeg_cut(picture),
        [b'G', b'I', b'F', b'8', ..] => !ends_gif(picture).unwrap_or(false),
        [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P', ..] => {
            (picture.len() as u64) < u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8
        }
        _ => false,
    }
}

/// The last scan of a JPEG (ITU-T T.81, B.1.1) is followed by the end of the picture; in a scan neither sign can be.
fn is_jpeg_cut(picture: &[u8]) -> bool {
    let scan = memmem::rfind(picture, &[0xff, 0xda]);
    scan.is_none_or(|scan| memmem::find(&picture[scan..], &[0xff, 0xd9]).is_none())
}

/// Goes through the blocks of a GIF (`GIF89a`, appendix A) to its trailer; `None` where they end before.
fn ends_gif(picture: &[u8]) -> Option<bool> {
    /// How many bytes a table of colours has that such a byte tells of.
    fn table(packed: u8) -> usize {
        if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
    }
    let mut at = 13 + table(*picture.get(10)?);
    loop {
        match picture.get(at)? {
            0x21 => at += 2,
            0x2c => at += 11 + table(*picture.get(at + 9)?),
            // The trailer is 0x3b; at whatever else this is, browsers end as well.
            _ => return Some(true),
        }
        loop {
            let length = usize::from(*picture.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbImage};

    use super::is_cut;

    #[test]
    fn what_is_cut_is_noticed() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
            let mut bytes = std::io::Cursor::new(Vec::new());
            let drawn = RgbImage::from_fn(90, 60, |x, y| image::Rgb([(x * y) as u8, x as u8, y as u8]));
            drawn.write_to(&mut bytes, format).unwrap();
            let whole = bytes.into_inner();
            assert!(!is_cut(&whole), "{format:?}");
            assert!(!is_cut(&[&whole[..], b"\n\n"].concat()), "{format:?}");
            for length in [whole.len() / 4, whole.len() / 2, whole.len() - 20] {
                assert!(is_cut(&whole[..length]), "{format:?} {length}");
            }
        }
        assert!(!is_cut(b"<svg/>") && !is_cut(b""));
    }
}
