//! The helpers of templates: `{{t "key" name=value}}` writes words in the language of the page, `{{words_lang}}` marks
//! an element of such words, `{{#phrase}}` what has such words in it, `{{lang_of tag}}` an element of words in another
//! language, `{{apart name}}` writes a name that may run the other way, `{{in_feed}}` what feeds alone need, `{{#if}}` and
//! `{{#unless}}` refuse names that do not exist.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    Renderable,
};
use serde_json::Value;

use super::Strings;
use super::strings::{FALLBACK, primary};
use crate::model::{Direction, Language, Marks, turns};

/// The field of a view that names words which every reader gets in their own language: instead of them stands where they
/// go ([`Marks::place`]).
const READER_WORDS: &str = "reader_words";
/// The field of such a view that holds the marks.
const MARKS: &str = "marks";

/// Where the templates of feeds stand.
const FEEDS: &str = "feed/";

/// The helper behind `{{t}}`. The language is the `lang` of the view that the template was drawn with.
pub(super) struct WordsHelper(pub(super) Arc<Strings>);

impl HelperDef for WordsHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let key = helper.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
        let unknown = || {
            let hint = crate::error::nearest_hint(key, self.0.keys()).unwrap_or_default();
            other(format!("there are no words called `{key}`\n{hint}"))
        };
        if helper.hash().is_empty() && is_of_reader(context, key) {
            self.0.get_of(FALLBACK, key).ok_or_else(unknown)?;
            out.write(&marks(context)?.place(key))?;
            return Ok(());
        }
        let mut values = Vec::new();
        for (name, value) in helper.hash() {
            if value.is_value_missing() {
                return Err(RenderError::strict_error(value.relative_path()));
            }
            let text = match value.value() {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                number => number.to_string(),
            };
            values.push((*name, text));
        }
        let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let words = self.0.filled(page_tag(context), key, &values).ok_or_else(unknown)?;
        out.write(&registry.get_escape_fn()(&words))?;
        Ok(())
    }
}

/// The helper behind `{{words_lang}}`: ` lang="en" dir="ltr"` where English words stand in for those of the page's
/// language, nothing where the page's language has words. With a key it is about these words, which may be in the
/// language of each reader: then they also stand at the side where that begins, ` align="right"`, whatever is around them.
pub(super) struct WordsLangHelper(pub(super) Arc<Strings>);

impl HelperDef for WordsLangHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let key = helper.param(0).and_then(|param| param.value().as_str());
        if key.is_some_and(|key| is_of_reader(context, key)) {
            let marks = marks(context)?;
            let [lang, dir, start] = ["lang", "dir", "start"].map(|what| marks.place(what));
            out.write(&format!(" lang=\"{lang}\" dir=\"{dir}\" align=\"{start}\""))?;
            return Ok(());
        }
        if let Some(words) = stand_in(&self.0, page_tag(context)) {
            out.write(&marked(words))?;
        }
        Ok(())
    }
}

/// The helper behind `{{#phrase}}`: around what it holds `<bdi lang="en" dir="ltr">` where English words stand in for those of
/// the page's language, nothing where the page's language has words.
pub(super) struct Phrase(pub(super) Arc<Strings>);

impl HelperDef for Phrase {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some(content) = helper.template() else { return Ok(()) };
        let Some(words) = stand_in(&self.0, page_tag(context)) else {
            return content.render(registry, context, render, out);
        };
        out.write(&format!("<bdi{}>", marked(words)))?;
        content.render(registry, context, render, out)?;
        out.write("</bdi>")?;
        Ok(())
    }
}

/// The language of the words that stand in for those of the language that `tag` names, if that has none.
fn stand_in<'a>(strings: &'a Strings, tag: &str) -> Option<&'a Language> {
    strings.words_of(tag).language().filter(|words| words.primary() != primary(tag))
}

/// ` lang="fa" dir="rtl"`.
fn marked(language: &Language) -> String {
    format!(" lang=\"{language}\" dir=\"{}\"", language.direction().as_str())
}

/// A text that a helper is given; a name that does not exist is an error.
fn text_of<'a>(helper: &'a Helper<'_>, name: &'static str, at: usize) -> Result<&'a str, RenderError> {
    let param = helper.param(at).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, at))?;
    if param.is_value_missing() {
        return Err(RenderError::strict_error(param.relative_path()));
    }
    Ok(param.value().as_str().unwrap_or_default())
}

/// The helper behind `{{lang_of tag}}`: ` lang="fa" dir="rtl"`, the language that the tag names and its direction.
pub(super) struct LangOf;

impl HelperDef for LangOf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = text_of(helper, "lang_of", 0)?;
        let language = Language::parse(text).ok_or_else(|| other(format!("`{text}` is not a language tag")))?;
        out.write(&marked(&language))?;
        Ok(())
    }
}

/// The helper behind `{{apart name}}`: the name, in `<bdi>` where its letters would turn what is around it. That runs as the
/// page does, or in the direction that is named behind: `{{apart name dir}}`.
pub(super) struct Apart;

impl HelperDef for Apart {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = text_of(helper, "apart", 0)?;
        let around = match helper.param(1) {
            Some(_) => text_of(helper, "apart", 1)?.to_owned(),
            None => Language::parse(page_tag(context)).map_or("ltr", |page| page.direction().as_str()).to_owned(),
        };
        let around = match &*around {
            "ltr" => Direction::Ltr,
            "rtl" => Direction::Rtl,
            word => return Err(other(format!("`apart` takes `ltr` or `rtl` after a name, and not `{word}`"))),
        };
        let escaped = registry.get_escape_fn()(name);
        match turns(name, around) {
            None => out.write(&escaped)?,
            Some(direction) => out.write(&format!("<bdi dir=\"{}\">{escaped}</bdi>", direction.as_str()))?,
        }
        Ok(())
    }
}

/// The helper behind `{{in_feed " ·"}}`: the sign in the bodies of feeds, nothing elsewhere. Readers of feeds have no
/// stylesheet of ours, which keeps apart what stands side by side.
pub(super) struct InFeed;

impl HelperDef for InFeed {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        _: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = text_of(helper, "in_feed", 0)?;
        let is_feed = render.get_root_template_name().is_some_and(|name| name.starts_with(FEEDS));
        if is_feed {
            out.write(&registry.get_escape_fn()(text))?;
        }
        Ok(())
    }
}

/// `{{#if}}`, or `{{#unless}}` when not `positive`, that refuses a name the view does not have.
pub(super) struct StrictIf {
    pub(super) positive: bool,
}

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = if self.positive { "if" } else { "unless" };
        let param = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
        if param.is_value_missing() {
            return Err(RenderError::strict_error(param.relative_path()));
        }
        let branch = if is_something(param.value()) == self.positive { helper.template() } else { helper.inverse() };
        branch.map_or(Ok(()), |branch| branch.render(registry, context, render, out))
    }
}

/// Whether there is something to show: not null, false, 0, an empty text or an empty list.
fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(_) => true,
    }
}

/// The language of the page: the `lang` of the view that the template was drawn with.
fn page_tag(context: &Context) -> &str {
    context.data().get("lang").and_then(Value::as_str).unwrap_or(FALLBACK)
}

/// Whether the words under `key` are those of each reader.
fn is_of_reader(context: &Context, key: &str) -> bool {
    let named = context.data().get(READER_WORDS).and_then(Value::as_array);
    named.is_some_and(|keys| keys.iter().any(|one| one == key))
}

/// What stands where words of readers go in the page.
fn marks(context: &Context) -> Result<Marks, RenderError> {
    let field = context.data().get(MARKS).cloned().unwrap_or_default();
    serde_json::from_value(field).map_err(|_| other(format!("the view has `{READER_WORDS}` without `{MARKS}`")))
}

fn other(message: String) -> RenderError {
    RenderErrorReason::Other(message).into()
}
