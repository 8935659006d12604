//! Deflated streams (ISO 32000-1, 7.4.4).

use flate2::{Compress, Compression, FlushCompress, Status};

/// Middling effort: the last few per cent of size cost twice the time.
const EFFORT: u32 = 5;

/// Deflates one stream after the other. Its state is larger than most streams, and costs more to make than to use again.
pub(super) struct Deflater {
    state: Compress,
    room: Vec<u8>,
}

impl Default for Deflater {
    fn default() -> Self {
        Self { state: Compress::new(Compression::new(EFFORT), true), room: Vec::new() }
    }
}

impl Deflater {
    /// Deflates a stream for `FlateDecode`. What comes out does not depend on what was deflated before.
    pub(super) fn deflate(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.state.reset();
        self.room.clear();
        // What cannot be made smaller grows by some bytes for each block.
        self.room.reserve(bytes.len() + bytes.len() / 256 + 256);
        loop {
            let rest = bytes.get(self.state.total_in() as usize..).unwrap_or_default();
            match self.state.compress_vec(rest, &mut self.room, FlushCompress::Finish) {
                // The streams of a whole file are kept until it is written: none is larger than what is in it.
                Ok(Status::StreamEnd) => return self.room.as_slice().to_vec(),
                Ok(Status::Ok | Status::BufError) => self.room.reserve(rest.len() + 256),
                // Only a stream in another state than this one's has an error; then an empty one is what is left.
                Err(_) => return Vec::new(),
            }
        }
    }
}

/// Deflates a single stream.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    Deflater::default().deflate(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::{Deflater, deflate};

    #[test]
    fn what_is_deflated_comes_back_whatever_came_before() {
        let noise: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let samples = [noise.as_slice(), b"", &[7; 300_000], &noise[..17]];
        let mut deflater = Deflater::default();
        for sample in samples {
            let deflated = deflater.deflate(sample);
            assert!(deflated == deflate(sample));
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(deflated.as_slice()).read_to_end(&mut inflated).expect("a whole stream");
            assert!(inflated == sample);
        }
    }
}
