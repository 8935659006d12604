//! The visual order of a line (UAX 9, L2).

/// Puts items into visual order by their embedding levels: from the highest level down to the lowest odd one, each
/// stretch at that level or above is reversed.
pub(super) fn reorder<T>(items: &mut [T], level: impl Fn(&T) -> u8) {
    let highest = items.iter().map(&level).max().unwrap_or(0);
    let lowest_odd = items.iter().map(&level).filter(|level| level % 2 == 1).min().unwrap_or(highest + 1);
    for threshold in (lowest_odd..=highest).rev() {
        let mut start = 0;
        while start < items.len() {
            if level(&items[start]) < threshold {
                start += 1;
                continue;
            }
            let length = items[start..].iter().take_while(|item| level(item) >= threshold).count();
            items[start..start + length].reverse();
            start += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::reorder;

    fn visual(levels: &[u8]) -> Vec<usize> {
        let mut items: Vec<(usize, u8)> = levels.iter().copied().enumerate().collect();
        reorder(&mut items, |item| item.1);
        items.into_iter().map(|item| item.0).collect()
    }

    #[test]
    fn left_to_right_stays() {
        assert_eq!(visual(&[0, 0, 0]), [0, 1, 2]);
    }

    #[test]
    fn right_to_left_is_reversed_and_numbers_in_it_are_not() {
        assert_eq!(visual(&[1, 1, 1]), [2, 1, 0]);
        assert_eq!(visual(&[1, 2, 2, 1]), [3, 1, 2, 0]);
        assert_eq!(visual(&[0, 1, 1, 0]), [0, 2, 1, 3]);
    }
}
