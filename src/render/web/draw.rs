//! Drawing many pages side by side.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::error::Result;
use crate::render::Output;

/// An item of a list between the newer and the older one.
pub(super) type Neighbours<T> = (Option<T>, T, Option<T>);

/// Draws a page for each job; they come out in the order of `jobs`.
pub(super) fn draw<T: Sync>(jobs: &[T], page: impl Fn(&T) -> Result<Output> + Sync + Send) -> Result<Vec<Output>> {
    jobs.par_iter().map(page).collect()
}

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
