//! Pictures as image `XObjects` (ISO 32000-1, 8.9.5), drawings as forms (8.10).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::typeset::display::{Document, Image};

use super::content::PageContent;
use super::deflate::deflate;
use super::drawing;
use super::objects::name;
use super::predict;

/// The name of a picture in page resources.
pub(super) fn resource(index: usize) -> String {
    format!("I{index}")
}

/// A picture, compressed: the stream and that of its mask.
struct Compressed {
    picture: Stream,
    mask: Option<Stream>,
}

/// The colour profiles of a file, each once (8.6.5.5).
#[derive(Default)]
pub(super) struct Profiles(BTreeMap<Arc<[u8]>, ObjectId>);

impl Profiles {
    /// The profile that says what a picture's colours are.
    fn add(&mut self, file: &mut lopdf::Document, image: &Image) -> Option<ObjectId> {
        let profile = image.profile()?;
        let add = || {
            let dictionary = dictionary! { "N" => channels(image), "Filter" => name("FlateDecode") };
            file.add_object(Stream::new(dictionary, deflate(profile)))
        };
        Some(*self.0.entry(Arc::clone(profile)).or_insert_with(add))
    }
}

/// How many numbers a colour of a picture has.
fn channels(image: &Image) -> i64 {
    match image {
        Image::Png { palette, .. } if !palette.is_empty() => 3,
        Image::Jpeg { components, .. } | Image::Png { components, .. } | Image::Samples { components, .. } => {
            i64::from(*components)
        }
        Image::Drawing(_) => 3,
    }
}

/// What the numbers of a picture's colours mean.
fn color_space(image: &Image, profile: Option<ObjectId>) -> Object {
    match profile {
        Some(profile) => vec![name("ICCBased"), Object::Reference(profile)].into(),
        None if channels(image) == 1 => name("DeviceGray"),
        None => name("DeviceRGB"),
    }
}

/// Adds a document's pictures, and gives the objects they became.
pub(super) fn add(file: &mut lopdf::Document, images: &[&Image], profiles: &mut Profiles) -> Vec<ObjectId> {
    let spaces: Vec<Object> = images.iter().map(|image| color_space(image, profiles.add(file, image))).collect();
    let compressed: Vec<Option<Compressed>> =
        images.par_iter().zip(spaces).map(|(image, space)| compress(image, space)).collect();
    let mut ids = Vec::with_capacity(images.len());
    for (image, compressed) in images.iter().zip(compressed) {
        ids.push(match (image, compressed) {
            (Image::Drawing(drawing), _) => drawing::add(file, drawing, profiles),
            (_, Some(compressed)) => add_compressed(file, compressed),
            (_, None) => file.add_object(Object::Null),
        });
    }
    ids
}

/// Names a document's pictures in the resources that its pages share.
pub(super) fn declare(
    file: &mut lopdf::Document,
    document: &Document,
    contents: &[PageContent],
    first_page: ObjectId,
) -> lopdf::Result<()> {
    if document.images.is_empty() {
        return Ok(());
    }
    // A picture that no page shows (one that turned out broken) is no part of the file.
    let shown: BTreeSet<usize> = contents.iter().flat_map(|content| &content.images).copied().collect();
    let shown: Vec<(usize, &Image)> =
        document.images.iter().enumerate().filter(|(index, _)| shown.contains(index)).collect();
    let images: Vec<&Image> = shown.iter().map(|(_, image)| *image).collect();
    let ids = add(file, &images, &mut Profiles::default());
    let resources = file.get_dictionary(first_page)?.get(b"Resources")?.as_reference()?;
    let objects = file.get_dictionary(resources)?.get(b"XObject")?.as_reference()?;
    let objects = file.get_dictionary_mut(objects)?;
    for ((index, _), id) in shown.into_iter().zip(ids) {
        objects.set(resource(index), id);
    }
    Ok(())
}

fn add_compressed(file: &mut lopdf::Document, compressed: Compressed) -> ObjectId {
    let Compressed { mut picture, mask } = compressed;
    if let Some(mask) = mask {
        let mask = file.add_object(mask);
        picture.dict.set("SMask", mask);
    }
    file.add_object(picture)
}

fn compress(image: &Image, space: Object) -> Option<Compressed> {
    match image {
        Image::Jpeg { data, width, height, .. } => {
            let mut dictionary = dictionary(*width, *height, space);
            dictionary.set("Filter", name("DCTDecode"));
            Some(Compressed { picture: Stream::new(dictionary, data.to_vec()), mask: None })
        }
        Image::Png { rows, width, height, bits, components, palette, .. } => {
            let space = if palette.is_empty() { space } else { indexed(palette, space).into() };
            let mut dictionary = dictionary(*width, *height, space);
            dictionary.set("BitsPerComponent", i64::from(*bits));
            dictionary.set("Filter", name("FlateDecode"));
            dictionary.set("DecodeParms", predicted(*width, *components, *bits));
            Some(Compressed { picture: Stream::new(dictionary, rows.to_vec()), mask: None })
        }
        Image::Samples { width, height, components, samples, alpha, .. } => {
            let picture = samples_stream(dictionary(*width, *height, space), *width, *components, samples);
            let mask = alpha.as_ref().map(|alpha| {
                let grey = dictionary(*width, *height, name("DeviceGray"));
                samples_stream(grey, *width, 1, alpha)
            });
            Some(Compressed { picture, mask })
        }
        Image::Drawing(_) => None,
    }
}

/// Each row told as the difference from its neighbours where that is shorter (7.4.4.4).
fn samples_stream(mut dictionary: Dictionary, width: u32, components: u8, samples: &[u8]) -> Stream {
    let row = width as usize * usize::from(components);
    let plain = deflate(samples);
    let smaller = deflate(&predict::rows(samples, row, usize::from(components)));
    dictionary.set("Filter", name("FlateDecode"));
    if smaller.len() >= plain.len() {
        return Stream::new(dictionary, plain);
    }
    dictionary.set("DecodeParms", predicted(width, components, 8));
    Stream::new(dictionary, smaller)
}

/// How rows that were told as differences are read (7.4.4.3).
fn predicted(width: u32, components: u8, bits: u8) -> Dictionary {
    dictionary! {
        "Predictor" => 15,
        "Colors" => i64::from(components),
        "BitsPerComponent" => i64::from(bits),
        "Columns" => i64::from(width),
    }
}

/// The colours that samples are numbers of (8.6.6.3).
fn indexed(palette: &[u8], space: Object) -> Vec<Object> {
    let last = (palette.len() / 3).saturating_sub(1);
    let colors = Object::String(palette.to_vec(), StringFormat::Hexadecimal);
    vec![name("Indexed"), space, Object::Integer(last as i64), colors]
}

fn dictionary(width: u32, height: u32, space: Object) -> Dictionary {
    dictionary! {
        "Type" => name("XObject"),
        "Subtype" => name("Image"),
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => space,
        "BitsPerComponent" => 8,
    }
}
