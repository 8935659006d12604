//! PNG's filters of rows (ISO/IEC 15948, 9): what makes samples of pictures compress well.

/// Each row with the filter that leaves the smallest numbers, the filter's number before it.
pub(super) fn rows(samples: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    if row == 0 {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(samples.len() + samples.len() / row);
    let mut above = vec![0; row];
    let mut tried = vec![0; row];
    let mut best = vec![0; row];
    for line in samples.chunks_exact(row) {
        let (mut number, mut least) = (0, u64::MAX);
        for filter in 0..5 {
            apply(filter, line, &above, pixel, &mut tried);
            let sum = tried.iter().map(|byte| u64::from((*byte as i8).unsigned_abs())).sum();
            if sum < least {
                (number, least) = (filter, sum);
                std::mem::swap(&mut best, &mut tried);
            }
        }
        out.push(number);
        out.extend_from_slice(&best);
        above.copy_from_slice(line);
    }
    out
}

fn apply(filter: u8, line: &[u8], above: &[u8], pixel: usize, out: &mut [u8]) {
    for (at, (byte, up)) in line.iter().zip(above).enumerate() {
        let before = at.checked_sub(pixel);
        let left = before.map_or(0, |before| line[before]);
        let corner = before.map_or(0, |before| above[before]);
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => *up,
            3 => u8::midpoint(left, *up),
            _ => paeth(left, *up, corner),
        };
        out[at] = byte.wrapping_sub(guess);
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let sum = a + b - c;
    let (to_left, to_up, to_corner) = ((sum - a).abs(), (sum - b).abs(), (sum - c).abs());
    match () {
        () if to_left <= to_up && to_left <= to_corner => left,
        () if to_up <= to_corner => up,
        () => corner,
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn even_slopes_become_ones() {
        let samples: Vec<u8> = (0..8).collect();
        assert_eq!(rows(&samples, 4, 1), [1, 0, 1, 1, 1, 1, 4, 1, 1, 1]);
        assert_eq!(rows(&[], 0, 3), Vec::<u8>::new());
    }
}
