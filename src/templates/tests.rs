use std::path::PathBuf;

use serde_json::json;

use super::{TemplateFile, Templates};
use crate::error::Error;

fn own(name: &str, text: &str) -> TemplateFile {
    TemplateFile { name: name.to_owned(), path: PathBuf::from("templates").join(name), text: text.to_owned() }
}

fn with(files: &[TemplateFile]) -> Templates {
    let warned = Templates::load(files).unwrap();
    assert_eq!(warned.warnings, []);
    warned.value
}

fn failure(text: &str) -> Error {
    let view =
        json!({ "lang": "en", "title": "T", "article": { "title": "A", "body": "<p>", "byline": null }, "tags": [] });
    with(&[own("web/404.hbs", text)]).render("web/404", &view).unwrap_err()
}

#[test]
fn a_file_of_the_publication_replaces_the_built_in_one() {
    let templates = with(&[own("web/404.hbs", "{{t \"not_found\"}} & {{title}}"), own("web/style.css", "p{}")]);
    let view = json!({ "lang": "fa", "title": "<b> & \"q\"" });
    assert_eq!(templates.render("web/404", &view).unwrap(), "چنین صفحه‌ای نیست & &lt;b&gt; &amp; &quot;q&quot;");
    assert_eq!(templates.text("web/style.css"), Some("p{}"));
}

#[test]
fn signs_of_feeds_are_in_feeds_alone() {
    let sign = own("sign.hbs", "{{title}}{{in_feed \" <\"}}{{in_feed title}}");
    let page = |name: &str| own(name, "{{> sign}}");
    let templates = with(&[sign, page("feed/post.hbs"), page("web/404.hbs")]);
    let draw = |name| templates.render(name, &json!({ "lang": "en", "title": "T" })).unwrap();
    assert_eq!([draw("feed/post"), draw("web/404")], ["T &lt;T", "T"]);
    insta::assert_snapshot!(failure("{{in_feed titel}}"), @r"
    templates/web/404.hbs:1:1: there is no value `titel` here
      did you mean `title`?
    ");
}

#[test]
fn names_stand_apart_where_they_turn_what_is_around_them() {
    let templates = with(&[own("web/404.hbs", "{{apart title}} {{apart title other}}")]);
    let draw = |lang: &str, title: &str, other: &str| {
        templates.render("web/404", &json!({ "lang": lang, "title": title, "other": other })).unwrap()
    };
    assert_eq!(draw("en", "Q&A", "rtl"), "Q&amp;A <bdi dir=\"ltr\">Q&amp;A</bdi>");
    assert_eq!(draw("fa", "C++", "ltr"), "<bdi dir=\"ltr\">C++</bdi> C++");
    assert_eq!(draw("fa", "سلام!", "ltr"), "سلام! <bdi dir=\"rtl\">سلام!</bdi>");
    assert_eq!(
        draw("fa", "C++ در عمل", "rtl"),
        ["<bdi dir=\"rtl\">C++ در عمل</bdi>"; 2].join(" "),
        "Persian all the same"
    );
    insta::assert_snapshot!(failure("{{apart titel}}"), @r"
    templates/web/404.hbs:1:1: there is no value `titel` here
      did you mean `title`?
    ");
}

#[test]
fn what_is_drawn_holds_no_controls() {
    let templates = with(&[own("web/404.hbs", "<h1 title=\"{{title}}\">{{title}}</h1>{{{body}}}")]);
    let view = json!({ "lang": "en", "title": "C\u{1}D\u{b}E", "body": "<p>a\u{1f}b\u{fffe}</p>" });
    assert_eq!(templates.render("web/404", &view).unwrap(), "<h1 title=\"CD E\">CD E</h1><p>ab</p>");
}

#[test]
fn a_language_is_added_by_a_file_of_words() {
    let templates = with(&[
        own("strings/de.toml", "not_found = \"Nichts da\"\n"),
        own("web/404.hbs", "{{t \"not_found\"}}, {{t \"home\"}}"),
    ]);
    assert_eq!(templates.render("web/404", &json!({ "lang": "de-AT" })).unwrap(), "Nichts da, Home");
}

#[test]
fn some_words_are_changed_and_the_others_stay() {
    let templates = with(&[
        own("strings/en.toml", "not_found = \"Gone\"\n"),
        own("strings/fa.toml", "not_found = \"نیست\"\n"),
        own("web/404.hbs", "{{t \"not_found\"}}, {{t \"tags\"}}"),
    ]);
    let draw = |lang| templates.render("web/404", &json!({ "lang": lang })).unwrap();
    assert_eq!([draw("en"), draw("fa"), draw("ja")], ["Gone, Tags", "نیست, برچسب‌ها", "Gone, Tags"]);
    let error = Templates::load(&[own("strings/en.toml", "tags = \"Topics\"\nx = \"y\"\n")]).unwrap_err();
    assert_eq!(error.to_string().lines().next(), Some("templates/strings/en.toml:2:1: no template uses the words `x`"));
}

#[test]
fn words_of_another_language_are_marked() {
    let templates = with(&[own("web/404.hbs", "<p{{words_lang}}>{{t \"page\" n=n}}")]);
    let draw = |lang| templates.render("web/404", &json!({ "lang": lang, "n": 7 })).unwrap();
    assert_eq!(draw("ja"), "<p lang=\"en\" dir=\"ltr\">Page 7");
    assert_eq!(draw("sq"), "<p>Faqja 7");
}

#[test]
fn a_phrase_of_another_language_is_marked_and_runs_its_own_way() {
    let page = "<p>{{#phrase}}{{t \"page\" n=n}} {{title}}{{/phrase}}</p>{{t \"tags\"}}";
    let templates = with(&[own("web/404.hbs", page), own("strings/ur.toml", "tags = \"ٹیگ\"\n")]);
    let draw = |lang| templates.render("web/404", &json!({ "lang": lang, "n": "٢", "title": "&" })).unwrap();
    let apart = "\u{2066}Page \u{2068}٢\u{2069}\u{2069} &amp;";
    assert_eq!(draw("ckb"), format!("<p><bdi lang=\"en\" dir=\"ltr\">{apart}</bdi></p>Tags"));
    assert_eq!(draw("de"), "<p><bdi lang=\"en\" dir=\"ltr\">Page ٢ &amp;</bdi></p>Tags");
    // Of its own words some are missing: they cannot be marked, and yet run their own way.
    assert_eq!(draw("ur"), format!("<p>{apart}</p>ٹیگ"));
    assert_eq!(draw("ar"), "<p>الصفحة ٢ &amp;</p>الوسوم");
    assert_eq!(draw("sq"), "<p>Faqja ٢ &amp;</p>Etiketat");
}

#[test]
fn a_missing_value_is_an_error_with_the_nearest_name() {
    insta::assert_snapshot!(failure("<p>\n  {{article.titel}}</p>"), @r"
    templates/web/404.hbs:2:3: there is no value `article.titel` here
      did you mean `title`?
    ");
    insta::assert_snapshot!(failure("{{#if artcle}}x{{/if}}"), @r"
    templates/web/404.hbs:1:1: there is no value `artcle` here
      did you mean `article`?
    ");
    insta::assert_snapshot!(failure("{{#each article.sections}}x{{/each}}"), @r"
    templates/web/404.hbs:1:1: there is no value `article.sections` here
      allowed: `body`, `byline`, `title`
    ");
}

#[test]
fn a_missing_partial_helper_or_word_is_named() {
    insta::assert_snapshot!(failure("{{> artikle}}"), @r"
    templates/web/404.hbs:1:1: there is no template `artikle`
      did you mean `article`?
    ");
    insta::assert_snapshot!(failure("{{shout title}}"), @r"
    templates/web/404.hbs:1:1: there is no helper `shout`
      allowed: `if`, `unless`, `each`, `with`, `lookup`, `eq`, `ne`, `and`, `or`, `not`, `t`, `words_lang`, `phrase`, `lang_of`, `apart`
    ");
    insta::assert_snapshot!(failure("a\n{{t \"oldr\"}}"), @r"
    templates/web/404.hbs:2:1: there are no words called `oldr`
      did you mean `older`?
    ");
}

#[test]
fn an_error_in_a_partial_names_the_partial() {
    let templates = with(&[own("colophon.hbs", "ok\n{{publisher}}"), own("web/404.hbs", "{{> colophon}}")]);
    insta::assert_snapshot!(templates.render("web/404", &json!({ "lang": "en" })).unwrap_err(), @r"
    templates/colophon.hbs:2:1: there is no value `publisher` here
      allowed: `lang`
    ");
}

#[test]
fn a_bad_template_is_refused_when_it_is_loaded() {
    let load = |text: &str| Templates::load(&[own("article.hbs", text)]).unwrap_err();
    insta::assert_snapshot!(load("<p>\n{{#if title}}<b>{{/each}}"), @"templates/article.hbs:2:17: `if` was opened, but `each` is closed");
    insta::assert_snapshot!(load("{{title"), @"templates/article.hbs:1:8: this is not handlebars: braces, quotes or a closing block are missing");
    insta::assert_snapshot!(load("<h1>\n{{{ title }}}</h1>"), @r"
    templates/article.hbs:2:1: `title` is not markup and must be escaped
      write `{{title}}`
      allowed in three braces: `body`, `intro`
    ");
}

#[test]
fn a_file_that_nothing_uses_is_a_warning() {
    let used = [own("fold.hbs", "x"), own("web/404.hbs", "{{> fold}}")];
    assert_eq!(Templates::load(&used).unwrap().warnings, []);
    let warned = Templates::load(&[own("web/psot.hbs", "x")]).unwrap();
    insta::assert_snapshot!(warned.warnings[0], @r"
    templates/web/psot.hbs: `web/psot.hbs` replaces no built-in template, and no template includes it
      did you mean `web/post.hbs`?
    ");
}

#[test]
fn the_program_asks_only_for_words_that_exist() {
    let templates = Templates::builtin();
    let known: Vec<&str> = templates.strings().keys().collect();
    let sources = [
        include_str!("views/issue.rs"),
        include_str!("views/article.rs"),
        include_str!("views/mod.rs"),
        include_str!("../render/web/edition.rs"),
        include_str!("../render/web/issues.rs"),
        include_str!("../render/web/listing.rs"),
        include_str!("../render/web/mod.rs"),
    ];
    let in_code = sources.iter().flat_map(|source| source.split("words(\"").skip(1));
    let in_templates = templates.files.values().flat_map(|file| file.text.split("{{t \"").skip(1));
    for rest in in_code.chain(in_templates) {
        let key = rest.split('"').next().unwrap_or_default();
        assert!(known.contains(&key), "{key}");
    }
}
