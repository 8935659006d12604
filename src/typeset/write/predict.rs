//! PNG's filters of rows (ISO/IEC 15948, 9): what makes samples of pictures compress well.

/// Each row with the filter that leaves the smallest numbers, the filter's number before it.
pub(super) fn rows(samples: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    if row == 0 || pixel > row {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(samples.len() + samples.len() / row);
    let nothing = vec![0; row];
    let mut above: &[u8] = &nothing;
    let mut tried = vec![0; row];
    let mut best = vec![0; row];
    for line in samples.chunks_exact(row) {
        let (mut number, mut least) = (0, u64::MAX);
        for filter in 0..5 {
            apply(filter, line, above, pixel, &mut tried);
            let sum = magnitude(&tried);
            if sum < least {
                (number, least) = (filter, sum);
                std::mem::swap(&mut best, &mut tried);
            }
        }
        out.push(number);
        out.extend_from_slice(&best);
        above = line;
    }
    out
}

/// How far the numbers are from nothing, taken together.
fn magnitude(numbers: &[u8]) -> u64 {
    // Sums of chunks stay small, so that many are added at once.
    let small = |chunk: &[u8]| chunk.iter().map(|byte| u16::from((*byte as i8).unsigned_abs())).sum::<u16>();
    numbers.chunks(256).map(|chunk| u64::from(small(chunk))).sum()
}

/// Filters a row. The loops go over slices of one length without a look at where they are, so that compilers turn them into
/// instructions over many bytes.
fn apply(filter: u8, line: &[u8], above: &[u8], pixel: usize, out: &mut [u8]) {
    // The first pixel has nothing on its left.
    let (first, rest) = out.split_at_mut(pixel);
    let bytes = first.iter_mut().zip(line).zip(above);
    bytes.for_each(|((out, byte), up)| *out = byte.wrapping_sub(guess(filter, 0, *up, 0)));
    let (left, corner) = (&line[..line.len() - pixel], &above[..above.len() - pixel]);
    let (line, above) = (&line[pixel..], &above[pixel..]);
    let bytes = rest.iter_mut().zip(line.iter().zip(above)).zip(left.iter().zip(corner));
    let each = bytes.map(|((out, (byte, up)), (left, corner))| (out, *byte, *left, *up, *corner));
    match filter {
        0 => each.for_each(|(out, byte, ..)| *out = byte),
        1 => each.for_each(|(out, byte, left, ..)| *out = byte.wrapping_sub(left)),
        2 => each.for_each(|(out, byte, _, up, _)| *out = byte.wrapping_sub(up)),
        3 => each.for_each(|(out, byte, left, up, _)| *out = byte.wrapping_sub(u8::midpoint(left, up))),
        _ => each.for_each(|(out, byte, left, up, corner)| *out = byte.wrapping_sub(paeth(left, up, corner))),
    }
}

fn guess(filter: u8, left: u8, up: u8, corner: u8) -> u8 {
    match filter {
        0 => 0,
        1 => left,
        2 => up,
        3 => u8::midpoint(left, up),
        _ => paeth(left, up, corner),
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let (to_left, to_up, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - c - c).abs());
    let nearer = if to_up <= to_corner { up } else { corner };
    if to_left <= to_up && to_left <= to_corner { left } else { nearer }
}

#[cfg(test)]
mod tests {
    use super::{guess, rows};

    #[test]
    fn even_slopes_become_ones() {
        let samples: Vec<u8> = (0..8).collect();
        assert_eq!(rows(&samples, 4, 1), [1, 0, 1, 1, 1, 1, 4, 1, 1, 1]);
        assert_eq!(rows(&[], 0, 3), Vec::<u8>::new());
    }

    #[test]
    fn rows_can_be_undone() {
        let (row, pixel) = (300, 3);
        let samples: Vec<u8> = (0..row * 40).map(|at| ((at * at / 7) ^ (at / 3)) as u8).collect();
        let filtered = rows(&samples, row, pixel);
        let mut undone: Vec<u8> = Vec::new();
        for line in filtered.chunks_exact(row + 1) {
            for (at, byte) in line[1..].iter().enumerate() {
                let here = undone.len();
                let left = if at >= pixel { undone[here - pixel] } else { 0 };
                let up = here.checked_sub(row).map_or(0, |above| undone[above]);
                let corner = if at >= pixel && here >= row + pixel { undone[here - row - pixel] } else { 0 };
                undone.push(byte.wrapping_add(guess(line[0], left, up, corner)));
            }
        }
        assert!(undone == samples);
    }
}
