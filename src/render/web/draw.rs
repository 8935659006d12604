//! Pages, planned and then drawn: all at once, or some before others.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::error::Result;
use crate::render::Output;

/// What makes the text of a page from its file's path.
type Text<'p> = Box<dyn Fn(&str) -> Result<String> + Send + Sync + 'p>;

/// A page that is not drawn yet.
pub struct Planned<'p> {
    /// Its file, relative to public/.
    pub file: String,
    text: Text<'p>,
}

impl<'p> Planned<'p> {
    /// A page of which `text` makes the text from its file's path.
    pub(super) fn new(file: String, text: impl Fn(&str) -> Result<String> + Send + Sync + 'p) -> Self {
        Self { file, text: Box::new(text) }
    }
}

/// Draws pages side by side; they come out in their order. The error is that of the first that cannot be drawn.
pub fn draw(pages: &[Planned<'_>]) -> Result<Vec<Output>> {
    let draw = |page: &Planned<'_>| (page.text)(&page.file).map(|text| Output::text(&page.file, text));
    let drawn: Vec<Result<Output>> = pages.par_iter().map(draw).collect();
    drawn.into_iter().collect()
}

/// An item of a list between the newer and the older one.
pub(super) type Neighbours<T> = (Option<T>, T, Option<T>);

/// Every item of a list, newest first, between its neighbours.
pub(super) fn with_neighbours<T: Copy>(items: &[T]) -> Vec<Neighbours<T>> {
    let newer = [None].into_iter().chain(items.iter().copied().map(Some));
    let older = items.iter().skip(1).copied().map(Some).chain([None]);
    newer.zip(items).zip(older).map(|((newer, item), older)| (newer, *item, older)).collect()
}

#[cfg(test)]
mod tests {
    use super::with_neighbours;

    #[test]
    fn every_item_knows_its_neighbours() {
        assert_eq!(with_neighbours(&[3, 2, 1]), [(None, 3, Some(2)), (Some(3), 2, Some(1)), (Some(2), 1, None)]);
        assert!(with_neighbours::<u8>(&[]).is_empty());
    }
}
