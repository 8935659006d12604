//! Floats and the room they leave (CSS 2.2, 9.5).

use crate::typeset::inline::Room;
use crate::typeset::style::computed::Clear;

/// One float, in the coordinates of the flow.
#[derive(Clone, Copy, Debug)]
struct Band {
    left: bool,
    top: f32,
    bottom: f32,
    /// The edge that text keeps clear of.
    edge: f32,
}

/// The floats of a flow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floats {
    bands: Vec<Band>,
}

impl Floats {
    /// Adds a float from `top` to `bottom`; text keeps to the other side of `edge`.
    pub(crate) fn add(&mut self, left: bool, top: f32, bottom: f32, edge: f32) {
        self.bands.push(Band { left, top, bottom, edge });
    }

    /// Whether there are none below `y`.
    pub(crate) fn is_clear(&self, y: f32) -> bool {
        self.bands.iter().all(|band| band.bottom <= y)
    }

    /// The room at a height, in the coordinates of the flow, inside of a containing block.
    pub(crate) fn room(&self, y: f32, x: f32, width: f32) -> Room {
        let (mut left, mut right) = (x, x + width);
        for band in self.bands.iter().filter(|band| band.top <= y + 0.01 && y < band.bottom - 0.01) {
            if band.left {
                left = left.max(band.edge);
            } else {
                right = right.min(band.edge);
            }
        }
        Room { left, width: (right - left).max(0.0) }
    }

    /// How far down the floats to clear reach.
    pub(crate) fn bottom(&self, clear: Clear) -> f32 {
        let counts = |band: &&Band| match clear {
            Clear::None => false,
            Clear::Left => band.left,
            Clear::Right => !band.left,
            Clear::Both => true,
        };
        self.bands.iter().filter(counts).map(|band| band.bottom).fold(0.0, f32::max)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_clear() {
        let mut floats = Floats::default();
        floats.add(true, 10.0, 50.0, 40.0);
        floats.add(false, 20.0, 30.0, 80.0);
        assert_eq!(floats.room(0.0, 0.0, 100.0), Room { left: 0.0, width: 100.0 });
        assert_eq!(floats.room(25.0, 0.0, 100.0), Room { left: 40.0, width: 40.0 });
        assert_eq!(floats.room(40.0, 0.0, 100.0), Room { left: 40.0, width: 60.0 });
        assert!(floats.is_clear(50.0));
        assert_eq!(floats.bottom(Clear::Right), 30.0);
    }
}
