//! Built-in partials in the templates that include them.
//!
//! Handlebars draws a partial from a copy of the values around it, the whole text of a page among them, and each page is drawn
//! through two or three. A partial that is included as it is (`{{> article}}`, `{{#> web/layout}}`) sees what is around it anyway,
//! so what it consists of can stand there itself. Of some it is kept as it was drawn ([`kept`]).

use handlebars::template::{DecoratorTemplate, TemplateElement};
use handlebars::{Handlebars, Template};

use super::kept;

/// What a frame calls the content that it is put around.
const BLOCK: &str = "@partial-block";

/// Puts the partials called `names` into the templates called so, in place of the tags that include them. Those of the
/// publication's own are left alone, and so are tags in them: what fails there is told with its place in its file.
pub(super) fn splice(registry: &mut Handlebars<'static>, names: &[&str]) {
    let spliced: Vec<(&str, Template)> = names
        .iter()
        .filter_map(|name| {
            let mut splicer = Splicer { registry, names, within: vec![name] };
            Some((*name, splicer.template(registry.get_template(name)?, None)))
        })
        .collect();
    for (name, template) in spliced {
        registry.register_template(name, template);
    }
}

struct Splicer<'a> {
    registry: &'a Handlebars<'static>,
    names: &'a [&'a str],
    /// The templates that are being put together, outermost first.
    within: Vec<&'a str>,
}

impl Splicer<'_> {
    /// The same template without tags that include one; `block` is the content that it is put around.
    fn template(&mut self, template: &Template, block: Option<&Template>) -> Template {
        let mut spliced = template.clone();
        spliced.elements.clear();
        spliced.mapping.clear();
        for (at, element) in template.elements.iter().enumerate() {
            if let Some(included) = self.included(element, block) {
                spliced.elements.extend(included.elements);
                spliced.mapping.extend(included.mapping);
            } else {
                spliced.elements.push(self.element(element, block));
                // The second condition of an `else if` has no place of its own.
                spliced.mapping.extend(template.mapping.get(at).cloned());
            }
        }
        spliced
    }

    /// What a tag includes, where that can stand in its place.
    fn included(&mut self, element: &TemplateElement, block: Option<&Template>) -> Option<Template> {
        let (TemplateElement::PartialExpression(tag) | TemplateElement::PartialBlock(tag)) = element else {
            return None;
        };
        let name = name_of(tag)?;
        if name == BLOCK {
            return block.cloned();
        }
        let name = *self.names.iter().find(|known| **known == name && !self.within.contains(known))?;
        let partial = self.registry.get_template(name)?;
        let content = tag.template.as_ref().map(|content| self.template(content, block));
        self.within.push(name);
        let included = self.template(partial, content.as_ref());
        self.within.pop();
        Some(kept::whole(name, included))
    }

    /// The same element, with what stands between its tags spliced.
    fn element(&mut self, element: &TemplateElement, block: Option<&Template>) -> TemplateElement {
        let TemplateElement::HelperBlock(helper) = element else { return element.clone() };
        let mut helper = helper.clone();
        helper.template = helper.template.as_ref().map(|template| self.template(template, block));
        // By itself, a list may be included anywhere.
        if let [_, .., list] = self.within.as_slice()
            && helper.name.as_name() == Some("each")
        {
            helper.template = helper.template.map(|template| kept::item(list, template));
        }
        helper.inverse = helper.inverse.as_ref().map(|template| self.template(template, block));
        TemplateElement::HelperBlock(helper)
    }
}

/// The name in a tag that includes a template as it is, with no values of its own.
fn name_of(tag: &DecoratorTemplate) -> Option<&str> {
    let is_plain = tag.params.is_empty() && tag.hash.is_empty() && tag.indent.is_none();
    tag.name.as_name().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use handlebars::Handlebars;
    use serde_json::json;

    use super::splice;

    const NAMES: [&str; 4] = ["frame", "item", "page", "round"];

    fn registry() -> Handlebars<'static> {
        let mut registry = Handlebars::new();
        registry.set_prevent_indent(true);
        for (name, text) in [
            ("frame", "<{{title}}>\n{{> @partial-block}}\n{{#with menu}}\n{{> item}}\n{{/with}}\n</>\n"),
            ("item", "[{{title}}{{#if rest}} {{@root.title}}{{else if own}}{{> own}}{{/if}}]"),
            ("own", "({{title}})"),
            ("page", "{{#> frame}}\n  {{#each items}}\n{{> item}}\n{{> item title=../title}}\n{{/each}}\n{{/frame}}\n"),
            ("round", "{{title}}{{#each items}}{{> round}}{{/each}}"),
        ] {
            registry.register_template_string(name, text).unwrap();
        }
        registry
    }

    #[test]
    fn what_is_drawn_stays_the_same() {
        let view = json!({
            "title": "T & t", "menu": {"title": "M", "rest": true},
            "items": [{"title": 1, "own": true}, {"title": 2, "rest": 1}],
        });
        let (mut spliced, plain) = (registry(), registry());
        splice(&mut spliced, &NAMES);
        let drawn = spliced.render("page", &view).unwrap();
        assert_eq!(drawn, plain.render("page", &view).unwrap());
        assert_eq!(
            drawn,
            "<T &amp; t>\n[1(1)][T &amp; t(T &amp; t)][2 T &amp; t][T &amp; t T &amp; t][M T &amp; t]</>\n"
        );
    }

    #[test]
    fn tags_of_others_and_with_values_stay() {
        let mut registry = registry();
        splice(&mut registry, &NAMES);
        let written = |name: &str| format!("{:?}", registry.get_template(name).unwrap());
        let page = written("page");
        assert!(!page.contains("frame") && !page.contains("partial-block"), "{page}");
        assert_eq!(page.matches("PartialExpression").count(), 3, "{page}");
        // A tag within the same template leads back to it.
        assert_eq!(written("round").matches("PartialExpression").count(), 1);
    }
}
