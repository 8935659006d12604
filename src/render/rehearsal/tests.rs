//! What no issue needs today is drawn all the same.

use super::rehearse;
use crate::error::{Error, Warning};
use crate::model::Series;
use crate::render::email;
use crate::render::samples::{language, publication};
use crate::templates::{TemplateFile, Templates};

const LANGUAGES: [&str; 3] = ["en", "fa", "sq"];

fn with(name: &str, text: &str) -> Templates {
    let path = std::path::Path::new("templates").join(name);
    Templates::load(&[TemplateFile { name: name.to_owned(), path, text: text.to_owned() }]).unwrap().value
}

fn rehearsed(templates: &Templates) -> Result<Vec<Warning>, Error> {
    let drawn = rehearse(&publication(), &LANGUAGES.map(language), &series(), templates)?;
    assert!(drawn.value.iter().all(|digest| email::without_unsubscribing(digest).is_empty()));
    Ok(drawn.warnings)
}

/// Two series in English, and one in Persian.
fn series() -> Vec<Series> {
    let text = "title = \"The Compositor\"\nbase_url = \"https://compositor.example/\"\nlanguage = \"en\"\n\
        [series.news]\ntitle = \"News\"\nwindow = \"monthly\"\nsince = 2026-07-01\n\
        [series.notes]\ntitle = \"Notes\"\nwindow = \"monthly\"\nsince = 2026-07-01\n\
        [series.khabar]\ntitle = \"Khabar\"\nlanguage = \"fa\"\nwindow = \"monthly\"\nsince = 2026-07-01\n";
    crate::config::parse(text, std::path::Path::new("config.toml"), std::path::Path::new(".")).unwrap().series
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
        let drawn = rehearse(&publication(), &LANGUAGES.map(language), &series(), &templates).unwrap();
        assert!(drawn.value.iter().all(|digest| email::without_unsubscribing(digest) == [part]), "{name}");
    }
}

#[test]
fn there_are_as_many_things_as_there_will_be() {
    let two =
        "{{#if content.issue.sections}}{{#with content.issue.sections.[1]}}{{articles.[1].title}}{{/with}}{{/if}}";
    let by_series = "{{#if (eq @root.lang \"en\")}}{{series.[1].path}}{{/if}}";
    for (name, old, new) in [("web/issue.hbs", "{{#with content", two), ("web/header.hbs", "{{#if", by_series)] {
        assert_eq!(rehearsed(&changed(name, old, &format!("{new}{old}"))), Ok(vec![]), "{name}");
    }
    let files = ["News", "Notes", "Khabar"].map(|name| (format!("{name}.hbs"), "<p>Cover</p>".to_owned()));
    let text = Templates::builtin().text("pdf/issue.hbs").unwrap().replacen(
        "{{#if",
        "{{> (lookup masthead \"series\")}}{{#if",
        1,
    );
    let files = files.into_iter().chain([("pdf/issue.hbs".to_owned(), text)]);
    let files: Vec<TemplateFile> =
        files.map(|(name, text)| TemplateFile { path: name.clone().into(), name, text }).collect();
    assert_eq!(rehearsed(&Templates::load(&files).unwrap().value), Ok(vec![]));
}

#[test]
fn what_fails_by_the_number_of_things_is_a_warning_and_told_once() {
    for (name, old, new) in [
        ("web/header.hbs", "{{#if", "{{series.[7].path}}"),
        (
            "web/issue.hbs",
            "{{#with content",
            "{{#if content.issue.sections}}{{#with content.issue.sections.[0]}}{{lookup (lookup articles 7) \"title\"}}{{/with}}{{/if}}",
        ),
        ("pdf/issue.hbs", "{{#if", "{{#if (eq @root.lang \"en\")}}{{> (lookup masthead \"number\")}}{{/if}}"),
        ("article.hbs", "{{#if picture}}<figure", "{{picture.caption}}"),
    ] {
        let warnings =
            rehearsed(&changed(name, old, &format!("{new}{old}"))).unwrap_or_else(|error| panic!("{name}: {error}"));
        let told = warnings.iter().map(|one| (&one.place, &one.message)).collect::<std::collections::BTreeSet<_>>();
        assert!(!told.is_empty() && told.len() == warnings.len(), "{name}: {warnings:?}");
    }
}

#[test]
fn issues_have_one_before_and_one_behind() {
    for old in ["{{#if older}}", "{{#if newer}}"] {
        let error = rehearsed(&changed("web/issue.hbs", old, &format!("{old}{{{{older.path}}}}"))).unwrap_err();
        assert!(error.message().contains("`older.path`"), "{error}");
    }
}
