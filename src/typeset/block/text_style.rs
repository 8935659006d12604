//! From computed styles to what text is shaped with.

use std::collections::HashMap;
use std::sync::Arc;

use crate::typeset::display::Color;
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::{InlineBox, TextStyle};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Border, Display, LineHeight, WordBreak};
use crate::typeset::style::values::{LengthPercentage, Size};

/// Makes text styles, one for each style and language.
#[derive(Default)]
pub(crate) struct TextStyles {
    made: HashMap<(usize, usize, bool), Arc<TextStyle>>,
    /// What the keys point at is kept, so that no address is used twice.
    kept: Vec<(Arc<Style>, Arc<str>)>,
}

impl TextStyles {
    /// The text style of a style in a language.
    pub(crate) fn get(&mut self, style: &Arc<Style>, language: &Arc<str>) -> Arc<TextStyle> {
        self.get_or_make(style, language, false, |_| None)
    }

    /// The same, of text in a block: where its line height is not the block's, or a length and the text larger than the
    /// block's, it has its own. Only numbers are multiplied anew (CSS 2.2, 10.8.1).
    pub(crate) fn get_within(
        &mut self,
        style: &Arc<Style>,
        language: &Arc<str>,
        block: &Style,
        fonts: &Fonts,
    ) -> Arc<TextStyle> {
        let is_larger = style.font_size > block.font_size;
        let is_own =
            style.line_height != block.line_height || is_larger && matches!(style.line_height, LineHeight::Points(_));
        self.get_or_make(style, language, is_own, |text| is_own.then(|| line_height(style, text, fonts)))
    }

    fn get_or_make(
        &mut self,
        style: &Arc<Style>,
        language: &Arc<str>,
        is_own: bool,
        height: impl FnOnce(&TextStyle) -> Option<f32>,
    ) -> Arc<TextStyle> {
        let key = (Arc::as_ptr(style) as usize, Arc::as_ptr(language).cast::<u8>() as usize, is_own);
        if let Some(made) = self.made.get(&key) {
            return Arc::clone(made);
        }
        let text = text_style(style, language);
        let made = Arc::new(TextStyle { line_height: height(&text), ..text });
        self.kept.push((Arc::clone(style), Arc::clone(language)));
        self.made.insert(key, Arc::clone(&made));
        made
    }
}

/// The text style of a style.
pub(crate) fn text_style(style: &Style, language: &Arc<str>) -> TextStyle {
    let kerning = (!style.kerning).then_some((*b"kern", 0));
    let features: Vec<_> = [&style.caps, &style.numeric, &style.ligatures, &style.features]
        .into_iter()
        .flat_map(|own| own.iter().copied())
        .chain(kerning)
        .collect();
    TextStyle {
        families: Arc::clone(&style.families),
        size: style.font_size,
        weight: style.weight,
        italic: style.italic,
        slants: style.slants,
        color: if style.is_hidden() { Color::TRANSPARENT } else { style.color },
        language: Arc::clone(language),
        letter_spacing: style.letter_spacing,
        word_spacing: style.word_spacing,
        features: features.into(),
        white_space: style.white_space,
        hyphens: style.hyphens,
        hyphen: style.hyphen.clone(),
        hyphen_limits: style.hyphen_limits,
        wrap: style.text_wrap,
        decorations: Arc::clone(&style.decorations),
        tab_size: style.tab_size,
        baseline_shift: style.baseline_shift,
        line_height: None,
        break_anywhere: style.break_anywhere || style.word_break == WordBreak::BreakWord,
        keep_all: style.word_break == WordBreak::KeepAll,
        break_all: style.word_break == WordBreak::BreakAll,
        line_break: style.line_break,
    }
}

/// What is seen of the inline box of an element, if anything is, besides its text.
pub(crate) fn inline_box(style: &Style, text: &Arc<TextStyle>) -> Option<InlineBox> {
    if style.display != Display::Inline {
        return None;
    }
    let background = style.background_color().filter(|_| !style.is_hidden());
    let border = |border: Border| {
        let color = border.color.of(style.color);
        (border.used(), if style.is_hidden() { Color::TRANSPARENT } else { color })
    };
    let margins = style.margin.map(|margin| match margin {
        Size::Of(length) | Size::Between(length, ..) => length,
        Size::Auto | Size::Attribute => LengthPercentage::default(),
    });
    let shape = InlineBox {
        margin: margins.map(|margin| margin.pt),
        padding: style.padding.map(|padding| padding.length.pt),
        shares: (margins.map(|margin| margin.percent), style.padding.map(|padding| padding.length.percent)),
        borders: style.border.map(border),
        background,
        direction: style.direction,
        style: Arc::clone(text),
    };
    let is_bare = background.is_none()
        && shape.borders.iter().all(|(width, _)| *width <= 0.0)
        && [shape.margin, shape.padding, shape.shares.0, shape.shares.1].iter().flatten().all(|side| *side == 0.0);
    (!is_bare).then_some(shape)
}

/// The height of a line of this style, in points.
pub(crate) fn line_height(style: &Style, text: &TextStyle, fonts: &Fonts) -> f32 {
    match style.line_height {
        LineHeight::Unsaid => LineHeight::UNSAID * style.font_size,
        LineHeight::Number(number) => number * style.font_size,
        LineHeight::Points(points) => points,
        LineHeight::Normal => {
            let metrics = fonts.metrics(text);
            metrics.ascent + metrics.descent + metrics.line_gap
        }
    }
}
