//! What printpdf leaves to do: the pages' contents, the document catalog (ISO 32000-1, 7.7.2) and the trailer.

use std::collections::BTreeSet;
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::error::{Error, ErrorKind, Result};
use crate::typeset::display::Document;

use super::content::{PageContent, alpha_resource};
use super::deflate::deflate;
use super::images;
use super::links::links;
use super::metadata::{information, page_labels, xmp};
use super::objects::{bytes, destination, name, references, text};
use super::outline::outline;
use super::packed::Written;
use super::serialise::serialise;
use super::structure::{Sources, structure};
use super::tree::Roles;

/// Completes the document that printpdf made and serialises it.
pub(super) fn finish(
    mut file: lopdf::Document,
    document: &Document,
    roles: &Roles,
    contents: Vec<PageContent>,
) -> Result<Vec<u8>> {
    let pages: Vec<ObjectId> = file.page_iter().collect();
    let malformed = |cause: lopdf::Error| {
        Error::new(
            ErrorKind::Input,
            format!("the PDF document cannot be written: {}", cause.to_string().to_lowercase()),
        )
    };
    compress(&mut file);
    if let Some(first) = pages.first() {
        images::declare(&mut file, document, &contents, *first).map_err(malformed)?;
    }
    let mut written = Written::default();
    let links = links(&mut file, document, roles, &pages, &mut written);
    graphics_states(&mut file, &pages, &contents).map_err(malformed)?;
    let outlines = outline(&mut file, document, &pages);
    let sources = Sources { document, roles, contents: &contents, links: &links, pages: &pages };
    let tree = structure(&mut file, sources, &mut written);
    for ((id, content), annotations) in pages.iter().zip(contents).zip(&links.by_page) {
        set_page(&mut file, *id, content, annotations.clone()).map_err(malformed)?;
    }
    let names = destinations(&mut file, document, &pages);
    let metadata = metadata(&mut file, document);
    let intent = output_intent(&mut file);
    let catalog = file.catalog_mut().map_err(malformed)?;
    set_catalog(catalog, document);
    catalog.set("OutputIntents", vec![intent]);
    let entries = [("Outlines", outlines), ("StructTreeRoot", tree), ("Names", names), ("Metadata", Some(metadata))];
    for (key, id) in entries {
        if let Some(id) = id {
            catalog.set(key, id);
        }
    }
    if outlines.is_some() {
        catalog.set("PageMode", name("UseOutlines"));
    }
    if tree.is_some() {
        catalog.set("MarkInfo", dictionary! { "Marked" => true });
    }
    let info = file.add_object(information(&document.info));
    file.trailer.set("Info", info);
    "1.7".clone_into(&mut file.version);
    Ok(serialise(file, written))
}

/// Deflates what is not yet: fonts and character maps. The old page contents and document information are dropped.
fn compress(file: &mut lopdf::Document) {
    if let Ok(info) = file.trailer.get(b"Info").and_then(Object::as_reference) {
        file.objects.remove(&info);
    }
    let mut objects: Vec<&mut Object> = file.objects.values_mut().collect();
    objects.par_iter_mut().for_each(|object| {
        if let Object::Stream(stream) = &mut **object
            && !stream.dict.has(b"Filter")
        {
            stream.set_content(deflate(&stream.content));
            stream.dict.set("Filter", name("FlateDecode"));
        }
    });
}

/// Adds the graphics states that pages use for alpha to the dictionary that all pages share.
fn graphics_states(file: &mut lopdf::Document, pages: &[ObjectId], contents: &[PageContent]) -> lopdf::Result<()> {
    let alphas: BTreeSet<u8> = contents.iter().flat_map(|content| &content.alphas).copied().collect();
    let (Some(first), false) = (pages.first(), alphas.is_empty()) else { return Ok(()) };
    let resources = file.get_dictionary(*first)?.get(b"Resources")?.as_reference()?;
    let states = file.get_dictionary(resources)?.get(b"ExtGState")?.as_reference()?;
    let states = file.get_dictionary_mut(states)?;
    for alpha in alphas {
        let state = dictionary! { "Type" => "ExtGState", "ca" => f32::from(alpha) / 255.0 };
        states.set(alpha_resource(alpha), state);
    }
    Ok(())
}

fn set_page(
    file: &mut lopdf::Document,
    id: ObjectId,
    content: PageContent,
    annotations: Range<u32>,
) -> lopdf::Result<()> {
    let page = file.get_dictionary_mut(id)?;
    if content.is_transparent {
        // What shines through is mixed in the colours of the file (11.6.6).
        page.set("Group", dictionary! { "S" => name("Transparency"), "CS" => name("DeviceRGB") });
    }
    let contents = page.get(b"Contents")?.as_reference()?;
    if annotations.is_empty() {
        page.remove(b"Annots");
    } else {
        page.set("Annots", references(&annotations.map(|number| (number, 0)).collect::<Vec<ObjectId>>()));
    }
    let stream = Stream::new(dictionary! { "Filter" => "FlateDecode" }, content.stream);
    file.set_object(contents, Object::Stream(stream));
    Ok(())
}

/// Every anchor as a named destination, in one sorted leaf (7.9.6).
fn destinations(file: &mut lopdf::Document, document: &Document, pages: &[ObjectId]) -> Option<ObjectId> {
    if document.anchors.is_empty() {
        return None;
    }
    // A BTreeMap of strings is sorted by their bytes, as a name tree must be.
    let names: Vec<Object> = document
        .anchors
        .iter()
        .flat_map(|(anchor, to)| [bytes(anchor.as_bytes()), destination(document, pages, *to)])
        .collect();
    let leaf = file.add_object(dictionary! { "Names" => names });
    Some(file.add_object(dictionary! { "Dests" => leaf }))
}

/// The XMP packet stays uncompressed, so that programs that know nothing of PDF can read it.
fn metadata(file: &mut lopdf::Document, document: &Document) -> ObjectId {
    let dictionary = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    file.add_object(Stream::new(dictionary, xmp(&document.info).into_bytes()))
}

/// What the numbers of device colours mean: sRGB (14.11.5; ISO 19005-2, 6.2.3).
fn output_intent(file: &mut lopdf::Document) -> Object {
    let dictionary = dictionary! { "N" => 3, "Filter" => name("FlateDecode") };
    let profile = file.add_object(Stream::new(dictionary, deflate(&super::icc::srgb())));
    let condition = "sRGB IEC61966-2.1";
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => name("GTS_PDFA1"),
        "OutputConditionIdentifier" => text(condition),
        "Info" => text(condition),
        "DestOutputProfile" => profile,
    };
    Object::Dictionary(intent)
}

fn set_catalog(catalog: &mut Dictionary, document: &Document) {
    for key in [b"PageMode".as_slice(), b"PageLayout", b"OutputIntents"] {
        catalog.remove(key);
    }
    let mut preferences = dictionary! { "DisplayDocTitle" => true };
    if document.info.rtl {
        preferences.set("Direction", name("R2L"));
    }
    catalog.set("ViewerPreferences", preferences);
    if !document.info.language.is_empty() {
        catalog.set("Lang", text(&document.info.language));
    }
    if let Some(labels) = page_labels(document) {
        catalog.set("PageLabels", labels);
    }
}
