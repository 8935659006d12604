//! From computed styles to what text is shaped with.

use std::collections::HashMap;
use std::sync::Arc;

use crate::typeset::display::Color;
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::TextStyle;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Display, LineHeight};

/// Makes text styles, one for each style and language.
#[derive(Default)]
pub(crate) struct TextStyles {
    made: HashMap<(usize, usize), Arc<TextStyle>>,
    /// What the keys point at is kept, so that no address is used twice.
    kept: Vec<(Arc<Style>, Arc<str>)>,
}

impl TextStyles {
    /// The text style of a style in a language.
    pub(crate) fn get(&mut self, style: &Arc<Style>, language: &Arc<str>) -> Arc<TextStyle> {
        let key = (Arc::as_ptr(style) as usize, Arc::as_ptr(language).cast::<u8>() as usize);
        if let Some(made) = self.made.get(&key) {
            return Arc::clone(made);
        }
        let made = Arc::new(text_style(style, language));
        self.kept.push((Arc::clone(style), Arc::clone(language)));
        self.made.insert(key, Arc::clone(&made));
        made
    }
}

/// The text style of a style.
pub(crate) fn text_style(style: &Style, language: &Arc<str>) -> TextStyle {
    let features: Vec<_> =
        style.caps.iter().chain(style.numeric.iter()).chain(style.features.iter()).copied().collect();
    TextStyle {
        families: Arc::clone(&style.families),
        size: style.font_size,
        weight: style.weight,
        italic: style.italic,
        color: if style.hidden { Color::TRANSPARENT } else { style.color },
        language: Arc::clone(language),
        letter_spacing: style.letter_spacing,
        word_spacing: style.word_spacing,
        features: features.into(),
        white_space: style.white_space,
        hyphens: style.hyphens,
        underline: style.underline,
        line_through: style.line_through,
        background: if style.display == Display::Inline { style.background_color() } else { None },
        baseline_shift: style.baseline_shift,
        break_anywhere: style.break_anywhere,
    }
}

/// The height of a line of this style, in points.
pub(crate) fn line_height(style: &Style, text: &TextStyle, fonts: &Fonts) -> f32 {
    match style.line_height {
        LineHeight::Number(number) => number * style.font_size,
        LineHeight::Points(points) => points,
        LineHeight::Normal => {
            let metrics = fonts.metrics(text);
            metrics.ascent + metrics.descent + metrics.line_gap
        }
    }
}
