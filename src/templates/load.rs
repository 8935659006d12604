//! From files to checked templates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use handlebars::{Handlebars, Template, TemplateErrorReason};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::abridge::Abridged;
use super::builtin::FILES;
use super::splice::splice;
use super::words::{Apart, InFeed, LangOf, Phrase, StrictIf, WordsHelper, WordsLangHelper};
use super::{MARKUP_FIELDS, Strings, TemplateFile, Templates, kept, mjml, places};
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::escaped;

impl Templates {
    /// The built-in templates alone.
    ///
    /// # Panics
    /// Never in a program whose tests pass: a test loads the embedded files.
    #[must_use]
    pub fn builtin() -> Self {
        // The files are part of the program, and a test of this module loads them.
        Self::load(&[]).map(|warned| warned.value).expect("the built-in templates are sound")
    }

    /// The built-in templates, with the publication's own files in place of those of the same name. A file that
    /// replaces nothing and that no template includes is a warning.
    pub fn load(own: &[TemplateFile]) -> Result<Warned<Self>> {
        let mut files: BTreeMap<String, TemplateFile> = FILES
            .iter()
            .map(|file| {
                let path = PathBuf::from("templates").join(file.path);
                (file.path.to_owned(), TemplateFile { name: file.path.to_owned(), path, text: file.text.to_owned() })
            })
            .collect();
        files.extend(own.iter().map(|file| (file.name.clone(), file.clone())));
        let strings = Arc::new(read_strings(&files)?);
        let mut warnings = Vec::new();
        for file in own.iter().filter(|file| is_of_words(&file.name)) {
            warnings.extend(places::check(file, own)?);
        }
        let mut registry = registry(&strings);
        registry.register_escape_fn(escaped);
        kept::register(&mut registry);
        let mut plain = self::registry(&strings);
        plain.register_escape_fn(handlebars::no_escape);
        // A copy of a built-in one is as good as that.
        let is_own = |file: &TemplateFile| !FILES.iter().any(|one| one.path == file.name && one.text == file.text);
        let templates: Vec<(&str, &TemplateFile)> =
            files.values().filter_map(|file| Some((file.name.strip_suffix(".hbs")?, file))).collect();
        let compiled: Vec<Result<Template>> =
            templates.par_iter().with_max_len(1).map(|(name, file)| compile(name, file, is_own(file))).collect();
        // The first that is wrong is told.
        for ((name, _), template) in templates.iter().zip(compiled) {
            let registry = if extension(name) == Some("txt") { &mut plain } else { &mut registry };
            registry.register_template(name, template?);
        }
        let builtin = templates.iter().filter(|(_, file)| !is_own(file)).map(|(name, _)| *name);
        splice(&mut registry, &builtin.collect::<Vec<_>>());
        warnings.extend(unused(own, &files));
        Ok(Warned::new(Self { registry, plain, files, strings }, warnings))
    }
}

fn registry(strings: &Arc<Strings>) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    registry.register_helper("t", Box::new(WordsHelper(Arc::clone(strings))));
    registry.register_helper("words_lang", Box::new(WordsLangHelper(Arc::clone(strings))));
    registry.register_helper("phrase", Box::new(Phrase(Arc::clone(strings))));
    registry.register_helper("lang_of", Box::new(LangOf));
    registry.register_helper("apart", Box::new(Apart));
    registry.register_helper("in_feed", Box::new(InFeed));
    registry.register_helper("if", Box::new(StrictIf { positive: true }));
    registry.register_helper("unless", Box::new(StrictIf { positive: false }));
    registry
}

fn read_strings(files: &BTreeMap<String, TemplateFile>) -> Result<Strings> {
    let mut strings = Strings::default();
    let tag = |name: &str| name.strip_prefix("strings/")?.strip_suffix(".toml").map(str::to_owned);
    let mut named: Vec<(String, &TemplateFile)> = files.values().filter_map(|f| Some((tag(&f.name)?, f))).collect();
    named.sort_by_key(|(tag, _)| (tag != super::strings::FALLBACK, tag.clone()));
    for (tag, file) in named {
        // An own file need only say what differs.
        if let Some(builtin) = FILES.iter().find(|builtin| builtin.path == file.name) {
            strings.read(&tag, &file.path, builtin.text)?;
        }
        strings.read(&tag, &file.path, &file.text)?;
    }
    Ok(strings)
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension()?.to_str()
}

/// A template from its file.
fn compile(name: &str, file: &TemplateFile, is_own: bool) -> Result<Template> {
    check_markup(file)?;
    if extension(name) != Some("mjml") {
        return parse(name, file, &file.text);
    }
    // What is no handlebars is told as it was written, and not as MJML makes it. Our own is none of that.
    if is_own {
        parse(name, file, &file.text)?;
        return parse(name, file, &mjml::compile(file)?);
    }
    let html = mjml::compile(file)?;
    let abridged = Abridged::of(&html);
    parse(name, file, &abridged.text).map(|template| abridged.restore(template))
}

fn parse(name: &str, file: &TemplateFile, text: &str) -> Result<Template> {
    let mut registry = Handlebars::new();
    registry.set_prevent_indent(true);
    registry.register_template_string(name, text).map_err(|error| {
        let message = match error.reason() {
            TemplateErrorReason::MismatchingClosedHelper(opened, closed)
            | TemplateErrorReason::MismatchingClosedDecorator(opened, closed) => {
                format!("`{opened}` was opened, but `{closed}` is closed")
            }
            TemplateErrorReason::InvalidParam(parameter) => format!("`{parameter}` is not a parameter"),
            _ => "this is not handlebars: braces, quotes or a closing block are missing".to_owned(),
        };
        let place = match error.pos().filter(|_| text == file.text) {
            Some((line, column)) => Place::at(&file.path, line, column),
            None => Place::file(&file.path),
        };
        Error::new(ErrorKind::Template, message).at(place)
    })?;
    Ok(registry.get_template(name).cloned().unwrap_or_default())
}

/// Three braces write without escaping: only fields that are markup by their type may stand in them.
fn check_markup(file: &TemplateFile) -> Result<()> {
    for opening in ["{{{", "{{&", "{{~{", "{{~&"] {
        for (at, _) in file.text.match_indices(opening) {
            let rest = file.text.get(at + opening.len()..).unwrap_or_default();
            let expression = rest.split('}').next().unwrap_or_default().trim().trim_matches('~').trim();
            let field = expression.rsplit(['.', '/', ' ']).next().unwrap_or_default();
            if opening == "{{{" && rest.starts_with('{') || MARKUP_FIELDS.contains(&field) {
                continue;
            }
            return Err(Error::new(ErrorKind::Template, format!("`{expression}` is not markup and must be escaped"))
                .at(Place::offset(&file.path, &file.text, at))
                .hint(format!("write `{{{{{expression}}}}}`"))
                .hint(format!(
                    "allowed in three braces: {}",
                    MARKUP_FIELDS.map(|name| format!("`{name}`")).join(", ")
                )));
        }
    }
    Ok(())
}

/// Files of the publication that replace nothing and that nothing includes.
fn unused(own: &[TemplateFile], files: &BTreeMap<String, TemplateFile>) -> Vec<Warning> {
    let builtin: BTreeSet<&str> = FILES.iter().map(|file| file.path).collect();
    let included: BTreeSet<String> = files.values().flat_map(|file| includes(&file.text)).collect();
    own.iter()
        .filter(|file| {
            let name = file.name.as_str();
            !builtin.contains(name) && !is_of_words(name) && !included.contains(name.trim_end_matches(".hbs"))
        })
        .map(|file| {
            Warning::new(format!("`{}` replaces no built-in template, and no template includes it", file.name))
                .at(Place::file(&file.path))
                .nearest(&file.name, builtin.iter().copied())
        })
        .collect()
}

fn is_of_words(name: &str) -> bool {
    name.starts_with("strings/") && Path::new(name).extension().is_some_and(|extension| extension == "toml")
}

/// The names after `{{>` and `{{#>`.
pub(super) fn includes(text: &str) -> impl Iterator<Item = String> {
    text.split("{{").skip(1).filter_map(|rest| {
        let name = rest.trim_start_matches('~').trim_start_matches('#').strip_prefix('>')?.trim_start();
        let end = name.find(|c: char| c.is_whitespace() || c == '}' || c == '~').unwrap_or(name.len());
        name.get(..end).map(|name| name.trim_matches(['"', '\'']).to_owned())
    })
}
