//! `opacity` (CSS Color 4, 3.3), as the alpha of all that an element paints.
//!
//! Each part is painted with it by itself: where text lies on the background of its own element, both are seen through.

use cssparser::Parser;

use super::computed::Style;
use super::lengths::number;
use super::values::{ColorValue, Parsed};
use crate::typeset::display::Color;
use crate::typeset::inline::Decorating;

/// A number from 0 to 1, or a percentage.
pub(super) fn opacity(input: &mut Parser<'_>) -> Parsed<f32> {
    let share = input.try_parse(Parser::expect_percentage).or_else(|_| number(input))?;
    Ok(share.clamp(0.0, 1.0))
}

impl Style {
    /// Whether something shines through what it paints.
    pub(super) fn is_faded(&self) -> bool {
        self.opacity < 1.0
    }

    /// The style with its opacity in its colours. What inherits from it has it in them, too.
    pub(super) fn faded(&self) -> Self {
        let mut style = self.clone();
        let opacity = self.opacity;
        fade(&mut style.color, opacity);
        style.gradient.iter_mut().for_each(|color| fade(color, opacity));
        if !style.decorations.is_empty() {
            let faded = |line: &Decorating| {
                let mut line = line.clone();
                fade(&mut line.color, opacity);
                line
            };
            style.decorations = style.decorations.iter().map(faded).collect();
        }
        let lines = style.border.iter_mut().chain([&mut style.columns.rule]).map(|border| &mut border.color);
        for color in lines.chain([&mut style.background]) {
            if let ColorValue::Of(color) = color {
                fade(color, opacity);
            }
        }
        style
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 255")]
fn fade(color: &mut Color, opacity: f32) {
    color.a = (f32::from(color.a) * opacity).round() as u8;
}
