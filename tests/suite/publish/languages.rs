//! Languages by codes that are others' or nobody's.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::publication::Publication;

fn lines(publication: &Publication) -> Vec<Value> {
    let kept = publication.read("collected/posts.jsonl");
    kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn post(language: &str, name: &str) -> String {
    format!("---\ntitle: {name}\ndate: 2026-07-05\nlang: {language}\n---\nOf {name}.\n")
}

#[test]
fn a_country_and_a_longer_code_make_no_edition_of_their_own() {
    let publication = Publication::monthly()
        .post("lajme.md", &post("al", "Lajme"))
        .post("gazeta.md", &post("sqi", "Gazeta"))
        .post("shtypi.md", &post("sq", "Shtypi"))
        .post("khabar.md", &post("fas", "خبر"))
        .post("ruzname.md", &post("ir", "روزنامه"))
        .post("ink.md", &post("xx", "Ink"));
    let told = publication.run(&["publish", "--json"]).ok();
    let told = told
        .warns("posts/lajme.md:4:7: `al` is the code of a country and of no language; `sq` is taken")
        .warns("posts/ruzname.md:4:7: `ir` is the code of a country and of no language; `fa` is taken")
        .warns("posts/ink.md:4:7: `xx` is no language");
    assert_eq!(told.warnings().len(), 3, "{:?}", told.warnings());
    for path in
        ["sq/posts/lajme", "sq/posts/gazeta", "sq/posts/shtypi", "fa/posts/khabar", "fa/posts/ruzname", "posts/ink"]
    {
        assert!(publication.has(&format!("public/{path}/index.html")), "{path}");
    }
    assert!(["al", "sqi", "ir", "fas", "xx"].iter().all(|folder| !publication.has(&format!("public/{folder}"))));
    assert!(publication.read("public/fa/posts/khabar/index.html").contains("dir=\"rtl\""));
}

/// A publication as earlier versions left it, which took any letters for a language.
fn of_before(publication: Publication, pairs: &[(&str, &str)]) -> Publication {
    let mut publication = publication.published();
    for path in ["collected/posts.jsonl", "issues/newsletter/0001/frozen.json"] {
        let mut text = publication.read(path);
        for (now, before) in pairs {
            text = text.replace(&format!("\"language\":\"{now}\""), &format!("\"language\":\"{before}\""));
            text = text.replace(&format!("\"language\": \"{now}\""), &format!("\"language\": \"{before}\""));
            text = text.replace(&format!(":posts/{now}/"), &format!(":posts/{before}/"));
            text = text.replace(&format!("/{now}/posts/"), &format!("/{before}/posts/"));
        }
        publication = publication.file(path, text);
    }
    publication
}

#[test]
fn posts_and_issues_of_before_keep_their_ids_and_addresses() {
    let pairs = [("sq", "al"), ("fa", "fas")];
    let publication = Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nlanguage = \"fa\"")
        .post("lajme.md", &post("sq", "Lajme"))
        .post("khabar.md", &post("fa", "خبر"));
    let publication = of_before(publication, &pairs)
        .post("lajme.md", &post("al", "Lajme"))
        .post("khabar.md", &post("fas", "خبر"))
        .reconfigure("language = \"fa\"", "language = \"fas\"")
        .at("2026-08-20T08:00:00Z");
    let before = lines(&publication);
    publication.publish().ok().freezes(&[]);
    for (id, page, earlier) in [
        ("posts/al/lajme", "sq/posts/lajme/", "al/posts/lajme/"),
        ("posts/fas/khabar", "fa/posts/khabar/", "fas/posts/khabar/"),
    ] {
        let is_it = |line: &&Value| line["id"].as_str().unwrap().ends_with(id);
        assert!(before.iter().any(|line| is_it(&line)), "{id}: {before:#?}");
        let canonical = format!("rel=\"canonical\" href=\"https://compositor.example/{page}\"");
        for path in [page, earlier] {
            assert!(publication.read(&format!("public/{path}index.html")).contains(&canonical), "{path}");
        }
        assert!(lines(&publication).iter().filter(is_it).count() == 2, "{:#?}", lines(&publication));
    }
    let ids = |lines: &[Value]| -> BTreeSet<String> { lines.iter().map(|line| line["id"].to_string()).collect() };
    assert_eq!(ids(&before), ids(&lines(&publication)), "no post is new");
    // The issue stands among those of its series, and makes no edition.
    assert!(publication.read("public/fa/index.html").contains("newsletter/1/"));
    assert!(!publication.has("public/fas/index.html") && !publication.has("public/al/index.html"));
    assert_eq!(publication.publish().ok().json()["written"], 0);
}

#[test]
fn feeds_and_exports_name_languages_as_posts_do() {
    let feed = "<rss version=\"2.0\"><channel><title>Shtypi</title><link>https://shtypi.example/</link><language>al</language>\
                <item><guid isPermaLink=\"false\">one</guid><title>Lajme</title><description>Tekst.</description>\
                <pubDate>Sun, 05 Jul 2026 10:00:00 GMT</pubDate></item></channel></rss>";
    let export = "<?xml version=\"1.0\"?><rss xmlns:wp=\"http://wordpress.org/export/1.2/\" \
                  xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><language>sqi</language>\
                  <wp:wxr_version>1.2</wp:wxr_version><item><title>Gazeta</title><guid>gazeta</guid>\
                  <category domain=\"language\" nicename=\"al\">Shqip</category><content:encoded>Tekst.</content:encoded>\
                  <wp:post_id>1</wp:post_id><wp:post_name>gazeta</wp:post_name><wp:post_type>post</wp:post_type>\
                  <wp:post_date_gmt>2026-07-06 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status></item></channel></rss>";
    let publication = Publication::new()
        .tables("[[source]]\nfeed = \"elsewhere.xml\"\n\n[[source]]\nwordpress = \"export.xml\"")
        .file("elsewhere.xml", feed)
        .file("export.xml", export);
    let told = publication.run(&["publish", "--json"]).ok();
    let told = told.warns("elsewhere.xml").warns("export.xml");
    let of_country = told.warnings().iter().filter(|told| told.contains("`sq` is taken")).count();
    assert_eq!(of_country, 2, "{:?}", told.warnings());
    let pages: Vec<String> = publication.files("public").into_iter().filter(|path| path.contains("/posts/")).collect();
    // Where their pages stood before, they stand too.
    for (edition, count) in [("sq/posts/", 2), ("al/posts/", 2)] {
        assert_eq!(pages.iter().filter(|path| path.contains(edition)).count(), count, "{pages:?}");
    }
    assert!(publication.has("public/sq/index.html") && !publication.has("public/al/index.html"));
}

#[test]
fn config_takes_codes_of_languages_alone() {
    let publication = Publication::monthly().short_post("2026-07-05-ink.md", "Ink");
    let publication = publication.reconfigure("first_number = 92", "language = \"al\"");
    publication
        .run(&["check"])
        .ok()
        .says("config.toml:13:12: `al` is the code of a country and of no language; `sq` is taken")
        .says("write `sq`");
    publication.run(&["publish", "--strict"]).leaves_with(3);
    let publication = publication.reconfigure("language = \"al\"", "language = \"xx\"");
    publication
        .run(&["check"])
        .leaves_with(2)
        .says("config.toml:13:12: `xx` begins with two letters that are no language")
        .says("a tag is like `en`, `fa` or `pt-BR`");
    let publication = publication
        .reconfigure("language = \"xx\"", "language = \"sqi\"")
        .tables("[edition.sq]\ntitle = \"Radhitësi\"\n\n[edition.alb]\ntitle = \"Radhitësi\"");
    publication.run(&["check"]).leaves_with(2).says("is the edition `sq` once more");
}
