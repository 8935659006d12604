//! Words that a picture sets as HTML (`<foreignObject>`): they become words of the picture itself, in one line.

use crate::collect::plain;
use crate::collect::sanitise::tag::{attributes, push_escaped};

/// No more of them is kept, in bytes.
const LONGEST: usize = 2000;

/// Elements of HTML within words.
const INLINE: [&str; 10] = ["span", "b", "i", "em", "strong", "code", "a", "u", "sub", "sup"];

/// The words, and the box that they stand in.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    words: String,
    /// How many elements are open around one whose contents are no words.
    silent: Option<usize>,
}

impl Foreign {
    /// Takes the attributes of the element.
    pub(super) fn new(raw: &str) -> Self {
        let mut foreign = Self::default();
        for (name, value) in attributes(raw) {
            let length = || value.trim().trim_end_matches("px").parse::<f64>().ok().filter(|length| length.is_finite());
            let field = match name {
                "x" => &mut foreign.left,
                "y" => &mut foreign.top,
                "width" => &mut foreign.width,
                "height" => &mut foreign.height,
                _ => continue,
            };
            *field = length().unwrap_or_default();
        }
        foreign
    }

    /// An element begins, `depth` of those that go being open with it.
    pub(super) fn enter(&mut self, local: &str, depth: usize) {
        if self.silent.is_none() && matches!(local, "script" | "style" | "template" | "title") {
            self.silent = Some(depth);
        }
        self.part(local);
    }

    /// An element ends.
    pub(super) fn leave(&mut self, local: &str, depth: usize) {
        if self.silent.is_some_and(|silent| depth < silent) {
            self.silent = None;
        }
        self.part(local);
    }

    /// Parts words where an element begins or ends that is none within words.
    pub(super) fn part(&mut self, local: &str) {
        if !INLINE.contains(&local) {
            self.words(" ");
        }
    }

    pub(super) fn words(&mut self, words: &str) {
        if self.silent.is_none() && self.words.len() + words.len() <= LONGEST {
            self.words.push_str(words);
        }
    }

    /// The words as text in the middle of the box; `None` where there are none.
    pub(super) fn into_text(self) -> Option<String> {
        let words = plain::one_line(&self.words);
        if words.is_empty() {
            return None;
        }
        let (x, y) = (self.left + self.width / 2.0, self.top + self.height / 2.0);
        let mut text = format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" dominant-baseline=\"central\">");
        push_escaped(&mut text, &words);
        text.push_str("</text>");
        Some(text)
    }
}
