//! Pictures: found by URL, measured from their headers, decoded while the text is laid out, made smaller where they have
//! more dots than can be printed.

mod aspect;
mod data_url;
mod jpeg;
mod memory;
mod png;
mod profile;
#[cfg(test)]
mod profile_tests;
mod raster;
mod resample;
mod svg;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

pub(crate) use aspect::Alignment;

use super::Resources;
use super::display::{Color, Document, Image, Item};
use super::fonts::Fonts;
use super::style::custom::Values;

/// A picture that can be set.
#[derive(Clone, Debug)]
enum Source {
    Raster(raster::Source),
    /// Taken when the drawings are.
    Vector {
        drawing: Image,
        width: f32,
        height: f32,
        alignment: Option<Alignment>,
        /// Whether it has a shape, and no size of its own.
        is_sizeless: bool,
    },
}

/// A graphic that stands in the document.
pub(crate) struct Graphic {
    /// A name that no address has.
    pub(crate) name: String,
    /// As a file of its own (XML 1.0).
    pub(crate) text: String,
    pub(crate) around: Around,
}

/// What the text around a graphic hands on to it.
pub(crate) struct Around {
    /// What `currentcolor` is.
    pub(crate) color: Color,
    pub(crate) custom: Arc<Values>,
    pub(crate) is_rtl: bool,
    /// What the style sheets of the document say.
    pub(crate) sheets: Arc<str>,
}

/// The pictures of a document.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// By URL as written, without those that are out of reach: an index into `sources`, or why there is none.
    by_url: BTreeMap<String, Result<usize, String>>,
    sources: Vec<Source>,
    /// What is not shown of pictures that are.
    left_out: BTreeMap<String, String>,
    /// Those whose files end before the picture does.
    cut_short: BTreeSet<String>,
    /// What is decoded at the same time.
    gate: memory::Gate,
}

impl Pictures {
    /// Fetches the pictures and reads their headers. Graphics that stand in the document itself come with their text.
    pub(crate) fn probe<'u>(
        urls: impl IntoIterator<Item = &'u str>,
        inline: impl IntoIterator<Item = Graphic>,
        resources: &dyn Resources,
        fonts: &Fonts,
    ) -> Self {
        let mut pictures = Self::default();
        for url in urls {
            if pictures.by_url.contains_key(url) {
                continue;
            }
            if let Some(data) = data_url::read(url) {
                match data {
                    Ok(data) => pictures.add(url.to_owned(), &data, None, fonts),
                    Err(reason) => drop(pictures.by_url.insert(url.to_owned(), Err(reason))),
                }
                continue;
            }
            match resources.get(url) {
                None if resources.is_out_of_reach(url) => {}
                None => {
                    pictures.by_url.insert(url.to_owned(), Err("is not at hand".to_owned()));
                }
                Some(data) => pictures.add(url.to_owned(), &data, None, fonts),
            }
        }
        for Graphic { name, text, around } in inline {
            pictures.add(name, text.as_bytes(), Some(&around), fonts);
        }
        pictures
    }

    fn add(&mut self, name: String, data: &[u8], around: Option<&Around>, fonts: &Fonts) {
        let found = if svg::is_svg(data) {
            svg::read(data, around, fonts).map(|svg::Read { drawing, left_out, alignment, is_sizeless }| {
                if !left_out.is_empty() {
                    let left_out: Vec<String> = left_out.into_iter().collect();
                    self.left_out.insert(name.clone(), left_out.join(", "));
                }
                let (width, height) = (drawing.width, drawing.height);
                Source::Vector { drawing: Image::Drawing(Box::new(drawing)), width, height, alignment, is_sizeless }
            })
        } else {
            raster::probe(data.into()).map(|source| {
                if source.is_cut_short() {
                    self.cut_short.insert(name.clone());
                }
                if let Some(fault) = source.profile_fault {
                    let left_out = format!("its colour profile, which {fault}; its colours are taken for sRGB");
                    self.left_out.insert(name.clone(), left_out);
                }
                Source::Raster(source)
            })
        };
        let found = found.map(|source| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        self.by_url.insert(name, found);
    }

    /// The number of a picture that can be set.
    pub(crate) fn index_of(&self, url: &str) -> Option<usize> {
        self.by_url.get(url)?.as_ref().ok().copied()
    }

    /// What a picture is called in the document.
    pub(crate) fn url_of(&self, index: usize) -> Option<&str> {
        self.by_url.iter().find(|(_, found)| **found == Ok(index)).map(|(url, _)| url.as_str())
    }

    /// Why a picture cannot be set, unless it is out of reach, which is no news.
    pub(crate) fn reason(&self, url: &str) -> Option<&str> {
        self.by_url.get(url)?.as_ref().err().map(String::as_str)
    }

    /// What is not shown of a picture that is set otherwise.
    pub(crate) fn left_out(&self, url: &str) -> Option<&str> {
        self.left_out.get(url).map(String::as_str)
    }

    /// Whether the file of a picture ends before the picture does.
    pub(crate) fn is_cut_short(&self, url: &str) -> bool {
        self.cut_short.contains(url)
    }

    /// Natural size in points, at 96 dots per inch.
    pub(crate) fn natural_size(&self, index: usize) -> (f32, f32) {
        match self.sources.get(index) {
            Some(Source::Raster(source)) => (source.width as f32 * 0.75, source.height as f32 * 0.75),
            Some(Source::Vector { width, height, .. }) => (width * 0.75, height * 0.75),
            None => (0.0, 0.0),
        }
    }

    /// How a picture lies in a box of another shape; `None` where it is stretched.
    pub(crate) fn alignment(&self, index: usize) -> Option<Alignment> {
        match self.sources.get(index) {
            Some(Source::Vector { alignment, .. }) => *alignment,
            _ => None,
        }
    }

    /// Whether a picture is a graphic that has a shape, and no size of its own.
    pub(crate) fn is_sizeless(&self, index: usize) -> bool {
        matches!(self.sources.get(index), Some(Source::Vector { is_sizeless: true, .. }))
    }

    /// Decodes all pictures, in parallel; the order is that of their numbers. Where all of them together would take too much
    /// memory, the largest are kept smaller than they are.
    pub(crate) fn decode(&self) -> Vec<Result<Image, String>> {
        let as_it_is = |source: &Source| match source {
            Source::Raster(source) => source.as_it_is(),
            Source::Vector { drawing, .. } => Some(drawing.clone()),
        };
        let found: Vec<Option<Image>> = self.sources.par_iter().map(as_it_is).collect();
        let decoded = self.sources.iter().zip(&found).filter_map(|(source, found)| match (source, found) {
            (Source::Raster(source), None) => Some(source.pixel_count()),
            _ => None,
        });
        let share = memory::share(decoded);
        let decode = |(source, found): (&Source, Option<Image>)| match (source, found) {
            (_, Some(image)) => Ok(image),
            (Source::Raster(source), None) => self.gate.pass(source.memory(), || source.decode(share)),
            (Source::Vector { drawing, .. }, None) => Ok(drawing.clone()),
        };
        self.sources.par_iter().zip(found).map(decode).collect()
    }

    /// Makes the pictures of a laid-out document smaller where they have more dots than their printed size can show.
    pub(crate) fn resample(&self, document: &mut Document) {
        let printed = printed_sizes(document);
        let smaller: Vec<Option<Image>> = self
            .sources
            .par_iter()
            .zip(&document.images)
            .zip(&printed)
            .map(|((source, image), printed)| {
                let Source::Raster(source) = source else { return None };
                let size = resample::wanted((source.width, source.height), (*printed)?)?;
                let resampled = |as_jpeg: bool| {
                    let pixels = || resample::resampled(source.pixels().ok()?, size, as_jpeg);
                    self.gate.pass(source.memory(), pixels)
                };
                match image {
                    Image::Jpeg { data, .. } => resampled(true)
                        .filter(|new| matches!(new, Image::Jpeg { data: new, .. } if new.len() < data.len())),
                    Image::Png { .. } | Image::Samples { .. } => resampled(false),
                    Image::Drawing(_) => None,
                }
            })
            .collect();
        for (image, smaller) in document.images.iter_mut().zip(smaller) {
            if let Some(smaller) = smaller {
                *image = smaller.with_profile(image.profile().cloned());
            }
        }
    }

    /// Counts a picture as one that cannot be set. Says whether it counted as one that can before.
    pub(crate) fn refuse(&mut self, index: usize, reason: &str) -> bool {
        let mut changed = false;
        for found in self.by_url.values_mut() {
            if *found == Ok(index) {
                *found = Err(reason.to_owned());
                changed = true;
            }
        }
        changed
    }
}

/// The largest size that each picture is printed at, in points.
fn printed_sizes(document: &Document) -> Vec<Option<(f32, f32)>> {
    let mut sizes: Vec<Option<(f32, f32)>> = vec![None; document.images.len()];
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Item::Image { rect, image, .. } = item
            && let Some(size) = sizes.get_mut(*image)
        {
            let (width, height) = size.unwrap_or_default();
            *size = Some((width.max(rect.width), height.max(rect.height)));
        }
    }
    sizes
}
