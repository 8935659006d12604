//! What no issue needs today is drawn all the same.

use super::rehearse;
use crate::error::{Error, Warning};
use crate::render::email;
use crate::render::samples::{language, publication};
use crate::templates::{TemplateFile, Templates};

const LANGUAGES: [&str; 3] = ["en", "fa", "sq"];

fn with(name: &str, text: &str) -> Templates {
    let path = std::path::Path::new("templates").join(name);
    Templates::load(&[TemplateFile { name: name.to_owned(), path, text: text.to_owned() }]).unwrap().value
}

fn rehearsed(templates: &Templates) -> Result<Vec<Warning>, Error> {
    let drawn = rehearse(&publication(), &LANGUAGES.map(language), templates)?;
    let digest = drawn.value.unwrap();
    assert_eq!(email::without_unsubscribing(&digest), []);
    Ok(drawn.warnings)
}

/// The built-in template with something else in one place.
fn changed(name: &str, old: &str, new: &str) -> Templates {
    let templates = Templates::builtin();
    let text = templates.text(name).unwrap();
    assert!(text.contains(old), "{name}: {old}");
    with(name, &text.replacen(old, new, 1))
}

#[test]
fn the_built_in_templates_are_sound() {
    assert_eq!(rehearsed(&Templates::builtin()), Ok(vec![]));
}

#[test]
fn a_name_that_no_view_has_is_found_wherever_it_stands() {
    for (name, old) in [
        ("article.hbs", "{{credit.url}}"),
        ("colophon.hbs", "{{text}}"),
        ("contents.hbs", "{{summary}}"),
        ("email/issue.mjml.hbs", "{{and_more}}"),
        ("email/issue.txt.hbs", "{{rest}}"),
        ("feed/issue.hbs", "{{"),
        ("masthead.hbs", "{{volume}}"),
        ("pdf/issue.hbs", "{{counter_style}}"),
        ("web/404.hbs", "{{"),
        ("web/list.hbs", "{{"),
        ("web/post.hbs", "{{older.title}}"),
        ("web/series.hbs", "{{name}}"),
    ] {
        let new = if old == "{{" { "{{nonsense}}{{" } else { "{{nonsense}}" };
        let error = rehearsed(&changed(name, old, new)).unwrap_err();
        assert_eq!(error.message(), "there is no value `nonsense` here", "{name}");
        assert_eq!(error.place().unwrap().file, std::path::Path::new("templates").join(name), "{error}");
    }
}

#[test]
fn what_fails_over_other_kinds_of_issues_is_a_warning() {
    for (name, old, new) in [
        ("article.hbs", "{{#if picture}}<figure", "{{#unless picture}}{{nonsense}}{{/unless}}{{#if picture}}<figure"),
        ("article.hbs", "{{lost_picture.words}}", "{{nonsense}}"),
        ("web/issue.hbs", "{{#if", "{{#if draft}}{{nonsense}}{{/if}}{{#if"),
        ("web/issue.hbs", "{{#if", "{{#if withdrawn}}{{nonsense}}{{/if}}{{#if"),
        ("pdf/issue.hbs", "{{#if", "{{#if index}}{{nonsense}}{{/if}}{{#if"),
    ] {
        let warnings = rehearsed(&changed(name, old, new)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(warnings.iter().any(|one| one.message == "there is no value `nonsense` here"), "{name}: {warnings:?}");
    }
}

#[test]
fn mail_without_a_link_to_unsubscribe_by_is_noticed() {
    for (name, old, part) in [
        ("email/issue.mjml.hbs", "<a href=\"{{unsubscribe}}\">", email::Part::Html),
        ("email/issue.txt.hbs", "<{{unsubscribe}}>", email::Part::Text),
    ] {
        let templates = changed(name, old, if part == email::Part::Html { "<a>" } else { "" });
        let drawn = rehearse(&publication(), &LANGUAGES.map(language), &templates).unwrap();
        assert_eq!(email::without_unsubscribing(&drawn.value.unwrap()), [part], "{name}");
    }
}
