//! Pictures as image `XObjects` (ISO 32000-1, 8.9.5).

use std::collections::BTreeMap;

use printpdf::{DictItem, ExternalStream, ExternalXObject, PdfDocument, XObject, XObjectId};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::typeset::display::{Document, Image};

use super::content::deflate;

/// The name of a picture in page resources.
pub(super) fn resource(index: usize) -> String {
    format!("I{index}")
}

/// Puts a document's pictures into printpdf's.
pub(super) fn add(document: &Document, pdf: &mut PdfDocument) {
    let streams: Vec<(usize, ExternalStream)> =
        document.images.par_iter().enumerate().map(|(index, image)| (index, stream(image))).collect();
    for (index, stream) in streams {
        let object = ExternalXObject { stream, width: None, height: None, dpi: None };
        pdf.resources.xobjects.map.insert(XObjectId(resource(index)), XObject::External(object));
    }
}

fn stream(image: &Image) -> ExternalStream {
    match image {
        Image::Jpeg { data, width, height, components } => {
            let space = match components {
                1 => "DeviceGray",
                4 => "DeviceCMYK",
                _ => "DeviceRGB",
            };
            let mut dict = dictionary(*width, *height, space, "DCTDecode");
            if *components == 4 && is_adobe(data) {
                // Adobe's CMYK pictures are stored inverted.
                let decode = (0..8).map(|index| DictItem::Int(i64::from(index % 2 == 0))).collect();
                dict.insert("Decode".to_owned(), DictItem::Array(decode));
            }
            ExternalStream { dict, content: data.to_vec(), compress: false }
        }
        Image::Rgb { width, height, rgb, alpha } => {
            let mut dict = dictionary(*width, *height, "DeviceRGB", "FlateDecode");
            if let Some(alpha) = alpha {
                let mask = dictionary(*width, *height, "DeviceGray", "FlateDecode");
                let stream = ExternalStream { dict: mask, content: deflate(alpha), compress: false };
                dict.insert("SMask".to_owned(), DictItem::Stream { stream });
            }
            ExternalStream { dict, content: deflate(rgb), compress: false }
        }
    }
}

fn dictionary(width: u32, height: u32, space: &str, filter: &str) -> BTreeMap<String, DictItem> {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(i64::from(width))),
        ("Height", DictItem::Int(i64::from(height))),
        ("ColorSpace", name(space)),
        ("BitsPerComponent", DictItem::Int(8)),
        ("Filter", name(filter)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

/// Whether a JPEG carries Adobe's APP14 segment.
fn is_adobe(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xFF, marker, high, low, rest @ ..]) = jpeg.get(at..) {
        match marker {
            0xEE => return rest.starts_with(b"Adobe"),
            // The picture itself starts: no more segments that matter.
            0xDA => return false,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_adobe;

    #[test]
    fn adobe_segment_is_found_and_rubbish_is_not() {
        let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xEE, 0, 14][..], b"Adobe\0d\0\0\0\0\0\0"].concat();
        assert!(is_adobe(&jpeg));
        assert!(!is_adobe(&jpeg[..8]));
        assert!(!is_adobe(b""));
        assert!(!is_adobe(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0]));
    }
}
