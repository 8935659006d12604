//! Templates with little text between their tags, and that text put back.
//!
//! Handlebars counts the lines before each tag from the beginning and asks at each letter whether a tag begins: of the HTML that
//! MJML makes, which is long, that takes most of the time in which all templates are read.

use handlebars::Template;
use handlebars::template::TemplateElement;

/// Around the number of a text that was taken out. No template of ours has it.
const MARK: char = '\u{1}';
/// In bytes: a shorter text stays where it is.
const SHORT: usize = 16;

/// A template without its longer texts.
pub(super) struct Abridged<'t> {
    pub(super) text: String,
    taken: Vec<&'t str>,
}

impl<'t> Abridged<'t> {
    pub(super) fn of(template: &'t str) -> Self {
        let mut abridged = Self { text: String::new(), taken: Vec::new() };
        let mut pieces = template.split("{{");
        abridged.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find("}}").map_or(piece.len(), |at| at + 2);
            let end = end + piece[end..].bytes().take_while(|byte| *byte == b'}').count();
            let (tag, text) = piece.split_at(end);
            abridged.text.extend(["{{", tag]);
            abridged.push(text);
        }
        abridged
    }

    /// The blanks at both ends stay: what is made of a tag depends on whether it has its line to itself.
    fn push(&mut self, text: &'t str) {
        let inside = text.trim();
        // Within a comment there may be the end of a tag.
        if inside.len() < SHORT || inside.contains([MARK, '\\']) || inside.contains("}}") {
            self.text.push_str(text);
            return;
        }
        let at = text.len() - text.trim_start().len();
        let (before, after) = (&text[..at], &text[at + inside.len()..]);
        let number = format!("{MARK}{}{MARK}", self.taken.len());
        self.text.extend([before, &number, after]);
        self.taken.push(inside);
    }

    /// What `template` would be of the whole text, but for the places of its tags, of which it has none.
    pub(super) fn restore(&self, mut template: Template) -> Template {
        template.mapping.clear();
        for element in &mut template.elements {
            match element {
                TemplateElement::RawString(text) => *text = self.whole(text),
                TemplateElement::HelperBlock(block) => {
                    block.template = block.template.take().map(|inside| self.restore(inside));
                    block.inverse = block.inverse.take().map(|inside| self.restore(inside));
                }
                TemplateElement::DecoratorBlock(block) | TemplateElement::PartialBlock(block) => {
                    block.template = block.template.take().map(|inside| self.restore(inside));
                }
                _ => {}
            }
        }
        template
    }

    fn whole(&self, text: &str) -> String {
        let taken = |number: &str| number.parse().ok().and_then(|number: usize| self.taken.get(number));
        let pieces = text.split(MARK).enumerate();
        pieces.map(|(at, piece)| if at % 2 == 0 { piece } else { taken(piece).copied().unwrap_or_default() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use handlebars::Template;

    use super::Abridged;
    use crate::templates::{Templates, mjml};

    /// Without the places of its tags.
    fn restored(text: &str) -> (Template, Template) {
        let whole = Abridged { text: String::new(), taken: Vec::new() }.restore(Template::compile(text).unwrap());
        let abridged = Abridged::of(text);
        (abridged.restore(Template::compile(&abridged.text).unwrap()), whole)
    }

    #[test]
    fn the_template_is_the_same() {
        let long = "<p class=\"a\">a text that is long enough</p>";
        for text in [
            String::new(),
            long.to_owned(),
            format!("{long}\n{{{{#if a}}}}\n {long} \n{{{{else}}}}\n{long}{{{{/if}}}}\n{long}\n"),
            format!("{long} {{{{~#each a~}}}} {long} {{{{{{this}}}}}} {long}\n\n {{{{~/each}}}}{long}"),
            format!("{{{{#> a}}}}{long}{{{{! {long} }}}}{{{{/a}}}}{{{{!-- {{{{a}}}} {long} --}}}}{long}"),
            format!("a {{ b {long} }} \\{{{{a}}}} {long} {{{{b}}}}"),
        ] {
            let (restored, whole) = restored(&text);
            assert_eq!(restored, whole, "{text}");
        }
    }

    #[test]
    fn the_built_in_mail_is_the_same_and_short() {
        let templates = Templates::builtin();
        let html = mjml::compile(&templates.files["email/issue.mjml.hbs"]).unwrap();
        let (restored, whole) = restored(&html);
        assert_eq!(restored, whole);
        assert!(Abridged::of(&html).text.len() * 2 < html.len());
    }
}
