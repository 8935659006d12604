//! Parts of pages that are drawn once: the top and the foot are the same on thousands of pages, and an entry on every list that
//! it stands in.
//!
//! What such a part is drawn from is little beside what drawing it takes: where that was seen before, so was what comes out.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::template::{Parameter, TemplateElement};
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson, RenderContext, RenderErrorReason,
    Renderable as _, StringOutput, Template,
};

/// A built-in template that is kept as it was drawn.
struct Part {
    /// Its name.
    template: &'static str,
    /// Whether it is a list, of which each item is kept.
    is_list: bool,
    /// All that it is drawn from besides the values around it: paths in the view of the page.
    of_page: &'static [&'static str],
}

/// A test looks for the names that these templates hold. The helpers that they call ask for the language of the page.
const PARTS: [Part; 3] = [
    Part { template: "web/header", is_list: false, of_page: &["lang", "root", "front", "nameplate"] },
    Part { template: "web/footer", is_list: false, of_page: &["lang", "root", "feeds"] },
    Part { template: "web/entries", is_list: true, of_page: &["lang", "root", "content.level"] },
];

/// How many bytes of a part are kept before all are forgotten.
const MOST: usize = 32 << 20;

/// The helper around what a part consists of. No template can call it: names have no blanks.
fn helper_of(part: &str) -> String {
    format!("kept {part}")
}

/// Makes the helpers known that [`whole`] and [`item`] call.
pub(super) fn register(registry: &mut Handlebars<'static>) {
    for part in &PARTS {
        registry.register_helper(&helper_of(part.template), Box::new(Kept { part, drawn: Mutex::default() }));
    }
}

/// What built-in template `name` consists of, kept if it is such a part.
pub(super) fn whole(name: &str, template: Template) -> Template {
    around(name, false, template)
}

/// What an item of a list consists of in built-in template `name`, kept if it is such a part.
pub(super) fn item(name: &str, template: Template) -> Template {
    around(name, true, template)
}

fn around(name: &str, is_item: bool, template: Template) -> Template {
    if !PARTS.iter().any(|part| part.template == name && part.is_list == is_item) {
        return template;
    }
    let Ok(mut kept) = Template::compile("{{#kept this}}{{/kept}}") else { return template };
    if let Some(TemplateElement::HelperBlock(helper)) = kept.elements.first_mut() {
        helper.name = Parameter::Name(helper_of(name));
        helper.template = Some(template);
    }
    kept
}

/// See [`register`].
struct Kept {
    part: &'static Part,
    drawn: Mutex<Drawn>,
}

/// What was drawn, by what it was drawn from.
#[derive(Default)]
struct Drawn {
    texts: BTreeMap<Vec<u8>, Arc<str>>,
    bytes: usize,
}

impl HelperDef for Kept {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some(content) = helper.template() else { return Ok(()) };
        let mut from = Gathered::default();
        // What is the same on most pages last.
        for path in self.part.of_page {
            path.split('.').try_fold(context.data(), |value, name| value.get(name)).hash(&mut from);
        }
        helper.param(0).map(PathAndJson::value).hash(&mut from);
        if let Some(text) = self.drawn(&from) {
            out.write(&text)?;
            return Ok(());
        }
        let mut drawn = StringOutput::new();
        content.render(registry, context, render, &mut drawn)?;
        let text = drawn.into_string().map_err(RenderErrorReason::from)?;
        out.write(&text)?;
        self.keep(from, &text);
        Ok(())
    }
}

impl Kept {
    fn drawn(&self, from: &Gathered) -> Option<Arc<str>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner).texts.get(&from.0).cloned()
    }

    fn keep(&self, from: Gathered, text: &str) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.bytes > MOST {
            *drawn = Drawn::default();
        }
        drawn.bytes += from.0.len() + text.len();
        drawn.texts.insert(from.0, Arc::from(text));
    }
}

/// Gathers all that is hashed of values: two that differ in anything differ in that.
#[derive(Default)]
struct Gathered(Vec<u8>);

impl Hasher for Gathered {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Nobody asks: the bytes themselves are compared.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{PARTS, Part};
    use crate::templates::Templates;

    /// The names behind `before` in a text.
    fn named<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        text.split(before).skip(1).filter_map(|rest| rest.split(is_end).next()).collect()
    }

    #[test]
    fn what_a_part_is_drawn_from_is_known() {
        let templates = Templates::builtin();
        for Part { template, of_page, .. } in PARTS {
            let text = templates.text(&format!("{template}.hbs")).unwrap();
            for name in named(text, "@root.") {
                assert!(of_page.contains(&name), "{template}: {name}");
            }
            for name in named(text, "../") {
                assert!(of_page.contains(&format!("content.{name}").as_str()), "{template}: {name}");
            }
            for helper in ["in_feed", "lookup", "{{>", "{{#>"] {
                assert!(!text.contains(helper), "{template}: {helper}");
            }
        }
    }

    fn page(lang: &str, root: &str, level: u8) -> Value {
        let date = json!({"iso": "2026-01-01", "text": "1 January"});
        let post = |title: &str| {
            json!({
                "title": title, "lang": "en", "dir": "ltr", "link": "posts/a/", "elsewhere": false, "byline": null,
                "date": date, "section": null, "summary": null, "source": null,
            })
        };
        let publication = json!({
            "title": "T", "lang": "en", "dir": "ltr", "logo": null, "description": null, "publisher": "P",
            "publisher_lang": "en", "postal_address": null, "contact": null, "rights": null,
        });
        json!({
            "lang": lang, "dir": "ltr", "root": root, "title": "T", "description": null, "canonical": null, "noindex": false,
            "alternates": [], "feeds": null, "preview": null, "front": false, "nameplate": false,
            "frame": {
                "publication": publication, "home": "", "series": [], "menu": [], "languages": [], "subscribe": null,
            },
            "content": {
                "level": level, "kind": {"title": "Tags", "path": "tags/"}, "name": "a",
                "posts": [post("One"), post("Two & two"), post("One")],
                "pager": {"label": null, "newer": null, "older": null},
            },
        })
    }

    #[test]
    fn a_page_does_not_depend_on_those_before() {
        let pages = [page("en", "../", 2), page("en", "../../", 2), page("fa", "../", 2), page("en", "../", 3)];
        let templates = Templates::builtin();
        for _ in 0..2 {
            for page in &pages {
                let drawn = templates.render("web/listing", page).unwrap();
                assert_eq!(drawn, Templates::builtin().render("web/listing", page).unwrap());
                assert_eq!(drawn.matches("Two &amp; two").count(), 1);
                assert_eq!(drawn.matches(">One<").count(), 2);
            }
        }
    }
}
