//! What stays where it was when names, languages and sites change, and what is called so that it can be found.

use std::collections::{BTreeMap, BTreeSet};

use crate::publication::Publication;
use crate::tools::root;

/// The ids of a page, with how often each stands there.
fn ids(page: &str) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        *ids.entry(id.to_owned()).or_default() += 1;
    }
    ids
}

/// Every id that the templates of issues write as it stands.
fn names_in_templates() -> BTreeSet<String> {
    let folders = ["", "web", "pdf", "email", "feed"].map(|folder| root().join("templates").join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|one| one == "hbs"));
    let names = files.flat_map(|path| ids(&std::fs::read_to_string(path).unwrap()).into_keys());
    names.filter(|name| !name.contains('{')).collect()
}

#[test]
fn no_article_has_the_name_of_a_part_of_its_issue() {
    let names = names_in_templates();
    assert!(["contents", "main", "standing", "index"].iter().all(|name| names.contains(*name)), "{names:?}");
    let mut publication = Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nstanding = [\"standing.md\"]")
        .reconfigure("standing =", "sections = [{ title = \"Reports\", tags = [\"report\"] }]\nstanding =")
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .file("standing.md", "---\ntitle: Who we are\n---\nWe print.\n")
        .post("2026-07-01-report.md", "---\ntitle: A report\ntags: [report]\n---\nOf soot.\n")
        .at("2027-01-02T08:00:00Z");
    for name in names.iter().map(String::as_str).chain(["section-1", "section-2"]) {
        let text = format!("---\ntitle: On {name}\nauthors: [Ann]\n---\n## A heading\n\nOf {name}.\n");
        publication = publication.post(&format!("2026-07-02-{name}.md"), &text);
    }
    let publication = publication.published();
    for path in ["newsletter/1/index.html", "newsletter/1/email.html", "volume/1/index.html"] {
        let page = publication.read(&format!("public/{path}"));
        let twice: Vec<String> = ids(&page).into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect();
        assert_eq!(twice, Vec::<String>::new(), "{path}");
        if path.ends_with("email.html") {
            continue;
        }
        let entry = page.split(">On section-1<").next().unwrap().rsplit("href=\"#").next().unwrap();
        let anchor = entry.split('"').next().unwrap();
        let article = page.split(&format!(" id=\"{anchor}\"")).next().unwrap();
        assert!(article.rsplit('<').next().unwrap().starts_with("article"), "{path}: {anchor}");
    }
}

const ON_INK: &str =
    "---\ntitle: Ink\ndate: 2026-07-05\n---\nOf soot[^1].\n\n## On galls\n\nAnd of galls.\n\n[^1]: Burnt.\n";

#[test]
fn links_into_a_post_lead_on_when_its_file_is_called_otherwise() {
    let publication = Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nstanding = [\"about.md\"]")
        .file("about.md", "---\ntitle: About\n---\nWe write on [galls](posts/ink.md#on-galls).\n")
        .post("ink.md", ON_INK)
        .post("2026-07-06-see.md", "---\ntitle: See\n---\nOn [galls](ink.md#on-galls).\n")
        .published();
    let is_whole = |page: &str| page.contains(" id=\"ink--on-galls\"") && page.contains(" id=\"ink--fn-1\"");
    assert!(is_whole(&publication.read("public/posts/ink/index.html")));
    let publication = publication
        .without("posts/ink.md")
        .post("soot.md", ON_INK)
        .edit("posts/2026-07-06-see.md", "ink.md", "soot.md")
        .edit("about.md", "ink.md", "soot.md")
        .post("2026-08-03-galls.md", "---\ntitle: Galls\n---\n[These](soot.md#on-galls).\n")
        .at("2026-09-02T08:00:00Z")
        .published();
    for path in ["posts/ink/index.html", "posts/soot/index.html"] {
        assert!(is_whole(&publication.read(&format!("public/{path}"))), "{path}");
    }
    let page = publication.read("public/posts/see/index.html");
    assert!(page.contains("posts/soot/#ink--on-galls\""), "{page}");
    let issue = publication.read("public/newsletter/2/index.html");
    assert_eq!(issue.matches("posts/soot/#ink--on-galls\"").count(), 2, "from a post and a standing article: {issue}");
    assert_eq!(publication.publish().ok().json()["written"], 0);
    // Who has the name now has ids of its own.
    let publication = publication.post("ink.md", "---\ntitle: Iron gall\ndate: 2026-08-20\n---\n## On galls\n\nNew.\n");
    let publication = publication.published();
    assert!(publication.read("public/posts/ink/index.html").contains(" id=\"ink--on-galls\""));
    assert!(is_whole(&publication.read("public/posts/soot/index.html")));
}

#[test]
fn a_post_that_was_called_otherwise_before_this_was_kept_has_the_ids_that_it_has() {
    let publication = Publication::new().post("ink.md", ON_INK).published();
    let publication = publication.without("posts/ink.md").post("soot.md", ON_INK).published();
    let publication = publication.edit("collected/posts.jsonl", ",\"first_slug\":\"ink\"", "").published();
    assert!(publication.read("public/posts/soot/index.html").contains(" id=\"soot--on-galls\""));
    let publication = publication.without("posts/soot.md").post("lampblack.md", ON_INK).published();
    assert!(publication.read("public/posts/lampblack/index.html").contains(" id=\"soot--on-galls\""));
}

/// A post in each of two languages, one that says none, and an issue that leads to the first.
fn in_two_languages() -> Publication {
    Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nlanguage = \"en\"")
        .post("ink.md", "---\ntitle: Ink\ndate: 2026-07-05\nlang: en\n---\nOf soot.\n")
        .post("khabar.md", "---\ntitle: خبر\ndate: 2026-07-05\nlang: fa\n---\nمتن.\n")
        .post("lajme.md", "---\ntitle: Lajme\ndate: 2026-07-05\nlang: sq\n---\nTekst.\n")
        .published()
}

fn stands(publication: &Publication, path: &str, canonical: &str) {
    let page = publication.read(&format!("public/{path}index.html"));
    let canonical = format!("rel=\"canonical\" href=\"https://compositor.example/{canonical}\"");
    assert!(page.contains(&canonical), "{path}: {page}");
}

#[test]
fn posts_are_found_where_they_were_when_the_language_of_the_publication_is_another_one() {
    let publication = in_two_languages().reconfigure("language = \"en\"\ntime", "language = \"fa\"\ntime");
    publication
        .run(&["publish"])
        .ok()
        .says("`language` is `fa` now, no longer `en`, which moves the addresses of 2 posts");
    for path in ["posts/ink/", "en/posts/ink/"] {
        stands(&publication, path, "en/posts/ink/");
    }
    for path in ["posts/khabar/", "fa/posts/khabar/"] {
        stands(&publication, path, "posts/khabar/");
    }
    stands(&publication, "sq/posts/lajme/", "sq/posts/lajme/");
    assert!(!publication.has("public/posts/lajme/index.html"));
    publication.run(&["publish"]).ok().says_not("no longer `en`");
    assert_eq!(publication.publish().ok().json()["written"], 0);
    let publication = publication.reconfigure("language = \"fa\"\ntime", "language = \"en\"\ntime").published();
    stands(&publication, "en/posts/ink/", "posts/ink/");
    stands(&publication, "posts/khabar/", "fa/posts/khabar/");
}

#[test]
fn what_older_programs_kept_of_posts_is_enough_once_one_line_says_the_language() {
    let publication = in_two_languages();
    let kept = publication.read("collected/posts.jsonl").replace(",\"default_language\":\"en\"", "");
    let publication = publication.file("collected/posts.jsonl", &kept).published();
    let now = publication.read("collected/posts.jsonl");
    assert!(now.starts_with(&kept) && now.lines().count() == kept.lines().count() + 1, "{now}");
    assert_eq!(publication.publish().ok().json()["written"], 0);
    assert_eq!(publication.read("collected/posts.jsonl"), now);
    let publication = publication.reconfigure("language = \"en\"\ntime", "language = \"fa\"\ntime").published();
    stands(&publication, "posts/ink/", "en/posts/ink/");
    stands(&publication, "fa/posts/khabar/", "posts/khabar/");
}

/// Where the links of a PDF lead that leave it.
fn links_out(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let dictionaries = document.objects.values().filter_map(|object| object.as_dict().ok());
    let actions = dictionaries.map(|one| one.get(b"A").and_then(lopdf::Object::as_dict).unwrap_or(one));
    let uris = actions.filter_map(|action| action.get(b"URI").and_then(lopdf::Object::as_str).ok());
    uris.map(|uri| String::from_utf8_lossy(uri).into_owned()).collect()
}

#[test]
fn a_volume_of_issues_from_another_address_leads_to_what_it_holds() {
    let publication = Publication::monthly()
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .post(
            "2026-07-10-one.md",
            "---\ntitle: One\n---\nSee [two](two.md) and [join](https://compositor.example/join).\n",
        )
        .post("two.md", "---\ntitle: Two\ndate: 2026-07-11\n---\nSee [one](2026-07-10-one.md).\n")
        .published()
        .reconfigure("https://compositor.example/", "https://new.example/paper/")
        .at("2027-01-02T08:00:00Z")
        .published();
    let is_old = |text: &String| text.contains("https://compositor.example/posts/");
    let pages = |publication: &Publication| {
        ["volume/1/index.html", "volume/atom.xml", "newsletter/1/index.html"].map(|path| {
            let page = publication.read(&format!("public/{path}"));
            assert!(page.contains("https://compositor.example/join"), "{path}: what may stand there still");
            page
        })
    };
    assert!(!pages(&publication).iter().any(is_old));
    let links = links_out(&publication.bytes("public/volume/1/volume-1.pdf"));
    assert!(links.contains(&"https://compositor.example/join".to_owned()), "{links:?}");
    assert!(!links.iter().any(|link| link.contains("/posts/")), "they lead to its own pages: {links:?}");
    // One that an older program bound has the texts as they were.
    let frozen = publication.read("issues/volume/0001/frozen.json");
    let old = frozen.replace("https://new.example/paper/posts/", "https://compositor.example/posts/");
    assert_ne!(old, frozen);
    let publication = publication.file("issues/volume/0001/frozen.json", old).published();
    assert!(!pages(&publication).iter().any(is_old));
}

#[test]
fn pages_of_older_issues_say_where_they_stand_and_lead_to_earlier_addresses_there() {
    let publication = Publication::monthly()
        .post("2026-07-10-one.md", "---\ntitle: One\n---\nSee [two](two.md).\n")
        .post("two.md", "---\ntitle: Two\ndate: 2026-07-11\n---\nText.\n")
        .published();
    let two = publication.read("posts/two.md");
    let publication = publication
        .without("posts/two.md")
        .post("deux.md", &two)
        .edit("posts/2026-07-10-one.md", "two.md", "deux.md")
        .reconfigure("https://compositor.example/", "https://new.example/paper/")
        .published();
    let page = publication.read("public/newsletter/1/index.html");
    let colophon = page.split("class=\"colophon\"").nth(1).unwrap();
    assert!(colophon.contains(">https://new.example/paper/newsletter/1/</a>"), "{colophon}");
    assert!(!page.contains("https://compositor.example/"), "{page}");
    assert!(publication.has("public/posts/two/index.html"));
    publication.run(&["check"]).ok().says_not("no post stands any more");
}
