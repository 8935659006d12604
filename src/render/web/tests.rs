use std::collections::BTreeSet;

use super::pages;
use crate::model::{Enclosure, Issue, Origin, Post, Restoration, Style, Withdrawal};
use crate::render::samples::{instant, issue, language, persian_edition, post, publication, with_picture};
use crate::render::{Edition, Output, Pdf, PublicIssue, Site};
use crate::templates::Templates;
use crate::templates::views::{Addresses, ArticlePlace, ArticleView, Locale, size_in_words};

/// Elements without an end tag (HTML, 13.1.2).
const VOID: [&str; 8] = ["meta", "link", "img", "br", "hr", "input", "col", "wbr"];

pub(super) struct Sample {
    pub(super) posts: Vec<Post>,
    pub(super) issues: Vec<Issue>,
}

impl Sample {
    /// Posts in English and Persian, one of them in both, one from elsewhere, and two issues.
    pub(super) fn new() -> Self {
        let body =
            "<h2 id=\"a\">A</h2><p>Text <a href=\"#a\">up</a></p><img src=\"assets/0123456789abcdef.png\" alt=\"\">";
        let mut posts: Vec<Post> = (1..=5).map(|n| post(n, "en", &format!("Post <{n}>"), body)).collect();
        posts.push(with_picture(post(6, "en", "With a picture", "<p>Text</p>")));
        posts.push(Post {
            origin: Origin::Elsewhere,
            address: "https://other.example/7".to_owned(),
            ..post(7, "en", "Seen", "")
        });
        let persian = Post {
            section: None,
            address: "https://compositor.example/fa/posts/post-3/".to_owned(),
            ..post(3, "fa", "نیم‌فاصله", body)
        };
        let (english, farsi) =
            (issue("en", "Newsletter", posts[..2].to_vec()), issue("fa", "خبرنامه", vec![persian.clone()]));
        posts.push(persian);
        Self {
            posts,
            issues: vec![
                english,
                Issue { key: crate::model::IssueKey { series: "khabarnameh".to_owned(), ordinal: 1 }, ..farsi },
            ],
        }
    }

    pub(super) fn draw(&self, change: impl FnOnce(&mut Site<'_>)) -> Vec<Output> {
        let publication = publication();
        let edition = |tag: &str| Edition {
            language: language(tag),
            publication: publication.in_language(&language(tag)),
            posts: self.posts.iter().rev().filter(|post| post.language.as_str() == tag).collect(),
            apart: Vec::new(),
        };
        let mut site = Site {
            publication: &publication,
            editions: vec![edition("en"), edition("fa")],
            issues: self
                .issues
                .iter()
                .map(|issue| PublicIssue {
                    issue,
                    pdf: Some(Pdf { path: format!("{}.pdf", issue.key.series), length: 1_234_567 }),
                })
                .collect(),
            titles: std::collections::BTreeMap::new(),
            descriptions: std::collections::BTreeMap::new(),
            subscribe: None,
            nowhere: &std::collections::BTreeSet::new(),
            page_size: 3,
            drafts: false,
        };
        change(&mut site);
        pages(&site, &Templates::builtin()).unwrap().value
    }
}

pub(super) fn text(outputs: &[Output], path: &str) -> String {
    let output = outputs.iter().find(|output| output.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(output.bytes.whole().into_owned()).unwrap()
}

#[test]
fn every_page_stands_where_the_design_says() {
    let outputs = Sample::new().draw(|_| ());
    let paths: BTreeSet<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(paths.len(), outputs.len());
    insta::assert_snapshot!(paths.into_iter().collect::<Vec<_>>().join("\n"), @r"
    404.html
    authors/index.html
    authors/the-editors/index.html
    authors/the-editors/page/2/index.html
    authors/the-editors/page/3/index.html
    fa/404.html
    fa/authors/index.html
    fa/authors/the-editors/index.html
    fa/index.html
    fa/posts/post-3/index.html
    fa/tags/index.html
    fa/tags/type/index.html
    index.html
    khabarnameh/1/index.html
    khabarnameh/index.html
    newsletter/3/index.html
    newsletter/index.html
    page/2/index.html
    page/3/index.html
    posts/post-1/index.html
    posts/post-2/index.html
    posts/post-3/index.html
    posts/post-4/index.html
    posts/post-5/index.html
    posts/post-6/index.html
    sections/index.html
    sections/reports/index.html
    sections/reports/page/2/index.html
    sections/reports/page/3/index.html
    sitemap.xml
    style.css
    tags/index.html
    tags/type/index.html
    tags/type/page/2/index.html
    tags/type/page/3/index.html
    ");
}

#[test]
fn pages_are_well_formed_with_one_main_heading_and_links_that_lead_somewhere() {
    let outputs = Sample::new().draw(|_| ());
    let paths: BTreeSet<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
    for output in outputs.iter().filter(|output| output.path.contains(".html")) {
        let bytes = output.bytes.whole();
        let (path, html) = (output.path.as_str(), std::str::from_utf8(&bytes).unwrap());
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert_balanced(path, html);
        let ids: Vec<&str> = attributes(html, " id=\"").collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: {ids:?}");
        for link in attributes(html, " href=\"")
            .filter(|link| !link.contains(':') && !link.contains("feed") && !link.contains("atom"))
        {
            let leads = match link.strip_prefix('#') {
                Some(id) => ids.contains(&id),
                None => paths.contains(target(path, link).as_str()) || link.contains(".pdf"),
            };
            assert!(leads, "{path}: {link}");
        }
    }
}

#[test]
fn text_is_escaped_and_markup_is_not() {
    let outputs = Sample::new().draw(|_| ());
    let page = text(&outputs, "posts/post-1/index.html");
    assert!(page.contains("<h1 class=\"title\">Post &lt;1&gt;</h1>"), "{page}");
    assert!(page.contains("<img src=\"../../assets/0123456789abcdef.png\" alt=\"\">"));
    let lead = "alt=\"A composing stick &quot;half&quot; full\" width=\"1200\" height=\"800\">";
    assert!(text(&outputs, "posts/post-6/index.html").contains(lead));
}

#[test]
fn translations_know_each_other() {
    let outputs = Sample::new().draw(|_| ());
    let (english, persian) = (text(&outputs, "posts/post-3/index.html"), text(&outputs, "fa/posts/post-3/index.html"));
    for page in [&english, &persian] {
        assert!(
            page.contains("<link rel=\"alternate\" hreflang=\"en\" href=\"https://compositor.example/posts/post-3/\">")
        );
        assert!(
            page.contains(
                "<link rel=\"alternate\" hreflang=\"fa\" href=\"https://compositor.example/fa/posts/post-3/\">"
            )
        );
    }
    assert!(english.contains("href=\"../../fa/posts/post-3/\" hreflang=\"fa\" lang=\"fa\" dir=\"rtl\">فارسی</a>"));
    assert!(persian.contains("<html lang=\"fa\" dir=\"rtl\">"));
    assert!(persian.contains("<time datetime=\"2026-07-02\">۱۱ تیر ۱۴۰۵</time>"), "{persian}");
    assert!(!text(&outputs, "posts/post-1/index.html").contains("hreflang=\"en\""));
}

#[test]
fn posts_lead_to_the_feeds_of_their_language_and_issues_to_those_of_their_series() {
    let outputs = Sample::new().draw(|_| ());
    for (path, title, folder) in [
        ("posts/post-1/index.html", "The Compositor", "../../"),
        ("fa/posts/post-3/index.html", "The Compositor", "../../../fa/"),
        ("newsletter/3/index.html", "The Compositor \u{b7} Newsletter", "../../newsletter/"),
        ("newsletter/index.html", "The Compositor \u{b7} Newsletter", "../newsletter/"),
    ] {
        let page = text(&outputs, path);
        let link = format!("type=\"application/rss+xml\" title=\"{title} (RSS)\" href=\"{folder}feed.xml\">");
        assert!(page.contains(&link), "{link}: {page}");
        assert!(page.contains(&format!("<a href=\"{folder}atom.xml\">Atom</a>")), "{page}");
    }
}

#[test]
fn posts_and_issues_say_what_a_link_to_them_shows() {
    let mut sample = Sample::new();
    let picture = with_picture(post(6, "en", "", "")).picture;
    sample.issues[0].sections[0].articles[0].for_members = true;
    for article in &mut sample.issues[0].sections[0].articles {
        article.post.picture.clone_from(&picture);
        article.post.picture.as_mut().unwrap().src.push_str(&article.anchor);
    }
    let outputs = sample.draw(|_| ());
    let said = |path, what: &str| {
        let page = text(&outputs, path);
        let rest = page.split(&format!("<meta property=\"og:{what}\" content=\"")).nth(1)?;
        Some(rest.split('"').next().unwrap().to_owned())
    };
    let post = |what| said("posts/post-6/index.html", what).unwrap();
    assert_eq!([post("type"), post("title")], ["article", "With a picture"]);
    assert_eq!(post("url"), "https://compositor.example/posts/post-6/");
    assert_eq!(post("image"), "https://compositor.example/assets/0123456789abcdef.png");
    assert_eq!(said("posts/post-1/index.html", "image"), None);
    let issue = |what| said("newsletter/3/index.html", what).unwrap();
    assert_eq!(issue("title"), "Newsletter No. 94");
    assert_eq!(issue("description"), "July 2026 \u{b7} Post &lt;1&gt; \u{b7} Post &lt;2&gt;");
    // No picture of what is for members only.
    assert_eq!(issue("image"), "https://compositor.example/assets/0123456789abcdef.pngpost-2");
    assert_eq!(said("index.html", "title"), None);
}

#[test]
fn a_post_from_elsewhere_links_to_its_own_address() {
    let outputs = Sample::new().draw(|_| ());
    assert!(text(&outputs, "index.html").contains("<a href=\"https://other.example/7\">Seen</a>"));
    assert!(outputs.iter().all(|output| output.path != "posts/post-7/index.html"));
}

#[test]
fn an_issue_has_its_masthead_contents_and_colophon() {
    let page = Sample::new().draw(|_| ());
    let page = text(&page, "khabarnameh/1/index.html");
    for part in [
        "شمارهٔ ۹۴",
        "در این شماره",
        "href=\"#post-3\"",
        "<article class=\"article\" id=\"post-3\"",
        "id=\"post-3-a\"",
        "۱٫۲ مگابایت",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn drafts_show_only_where_asked_and_say_so() {
    let mut sample = Sample::new();
    sample.issues[0].frozen = None;
    let without = sample.draw(|_| ());
    assert!(without.iter().all(|output| !output.path.starts_with("newsletter/")));
    let with = sample.draw(|site| site.drafts = true);
    assert!(text(&with, "newsletter/3/index.html").contains("<strong class=\"draft\">Draft</strong>"));
}

#[test]
fn a_correction_is_told() {
    let mut sample = Sample::new();
    if let Some(frozen) = &mut sample.issues[0].frozen {
        frozen.revision = 2;
        frozen.updated = instant("2026-08-05T10:00:00Z");
        frozen.amendments.push("A name was misspelt.".to_owned());
    }
    let outputs = sample.draw(|_| ());
    let page = text(&outputs, "newsletter/3/index.html");
    assert!(page.contains("<strong class=\"corrected\">Corrected</strong>"));
    assert!(page.contains("<strong>Corrected on 5 August 2026:</strong> A name was misspelt."));
}

#[test]
fn a_withdrawn_issue_shows_its_number_and_why_and_nothing_that_was_in_it() {
    let mut sample = Sample::new();
    for issue in &mut sample.issues {
        issue.title = Some("Ink".to_owned());
        issue.intro = Some(crate::render::samples::html("<p>A word before</p>"));
        issue.standing = issue.sections[0].articles.clone();
        let message = "A name <was> wrong.".to_owned();
        let withdrawal = Withdrawal { at: instant("2026-08-05T10:00:00Z"), message, restored: None };
        if let Some(frozen) = &mut issue.frozen {
            frozen.amendments.push("A word in it.".to_owned());
            frozen.withdrawals.push(withdrawal);
        }
    }
    let outputs = sample.draw(|_| ());
    for (path, day) in [("newsletter/3/index.html", "5 August 2026"), ("khabarnameh/1/index.html", "۱۴ مرداد ۱۴۰۵")]
    {
        let page = text(&outputs, path);
        for part in ["<meta name=\"robots\" content=\"noindex\">", day, "A name &lt;was&gt; wrong.", "Ink"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        for part in ["Post &lt;", "نیم‌فاصله", "A word", "Corrected", "class=\"contents\"", "<img", ".pdf"] {
            assert!(!page.contains(part), "{part}: {page}");
        }
    }
    assert!(!text(&outputs, "sitemap.xml").contains("/newsletter/3/"));
    assert!(text(&outputs, "sitemap.xml").contains("/newsletter/</loc>"));
    assert!(text(&outputs, "index.html").contains("<strong class=\"withdrawn\">Withdrawn</strong>"));
}

#[test]
fn the_day_of_an_amendment_is_not_that_of_a_withdrawal_undone() {
    let mut sample = Sample::new();
    let [withdrawn, restored] = ["2026-08-05T10:00:00Z", "2026-08-07T10:00:00Z"].map(instant);
    if let Some(frozen) = &mut sample.issues[0].frozen {
        let restoration = Restoration { at: restored, message: "It was right.".to_owned() };
        frozen.amendments.push("A word in it.".to_owned());
        frozen.updated = restored;
        let message = "A name was wrong.".to_owned();
        frozen.withdrawals.push(Withdrawal { at: withdrawn, message, restored: Some(restoration) });
    }
    let outputs = sample.draw(|_| ());
    let page = text(&outputs, "newsletter/3/index.html");
    let told = "<p class=\"correction\"><strong>Corrected:</strong> A word in it.</p>\n\
                <p class=\"correction\"><strong>Withdrawn on 5 August 2026:</strong> A name was wrong.</p>\n\
                <p class=\"correction\"><strong>Restored on 7 August 2026:</strong> It was right.</p>\n";
    assert!(page.contains(told), "{page}");
}

#[test]
fn the_stylesheet_has_pictures_on_a_light_ground_in_the_dark_and_whole_on_paper() {
    let outputs = Sample::new().draw(|_| ());
    let sheet = text(&outputs, "style.css");
    let block = |media: &str| {
        let from = sheet.split(&format!("@media {media} {{\n")).nth(1).unwrap();
        from.split("\n}").next().unwrap()
    };
    let dark = block("(prefers-color-scheme: dark)");
    // Emoji, which are as high as a letter, stand on the page.
    assert!(dark.contains("  img:not([style*=\": 1em\"]) { background: #fdfcf9; color: #1d1b18; }"), "{dark}");
    let paper = block("print");
    for rule in [
        "img { max-block-size: 20cm; object-fit: contain; }",
        "details::details-content { content-visibility: visible;",
    ] {
        assert!(paper.contains(rule), "{rule}: {paper}");
    }
    assert!(sheet.contains(":is(th, td) > code { display: inline-block; max-inline-size:"), "{sheet}");
}

#[test]
fn the_same_site_gives_the_same_bytes_on_one_thread() {
    let sample = Sample::new();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(sample.draw(|_| ()), one.install(|| sample.draw(|_| ())));
}

/// The path of the page that `link` on the page at `path` leads to.
fn target(path: &str, link: &str) -> String {
    let base = url::Url::parse("https://compositor.example/").unwrap().join(path).unwrap();
    let leads = base.join(link.split('#').next().unwrap()).unwrap();
    let path = leads.path().trim_start_matches('/').to_owned();
    if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path }
}

fn attributes<'a>(html: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(opening).skip(1).filter_map(|rest| rest.split('"').next())
}

fn assert_balanced(path: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with('!')) {
        let name = tag.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{path}: </{name}>");
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{path}");
}

fn episode() -> Enclosure {
    Enclosure {
        address: "https://a.example/1.mp3".to_owned(),
        kept: Some("assets/1.mp3".to_owned()),
        media_type: "audio/mpeg".to_owned(),
        length: Some(12_345_678),
        duration: Some(3723),
        title: None,
    }
}

/// What a page in this language, or a document, says of a file: its address, kind and details.
fn described(file: Enclosure, tag: &str, root: Option<&str>) -> (String, String, String) {
    let (publication, templates, tag) = (publication(), Templates::builtin(), language(tag));
    let locale = Locale::new(&tag, &publication, templates.strings());
    let document = Addresses::document(&publication);
    let addresses = root.map_or(document, |root| Addresses { root, ..document });
    let post = Post { enclosures: vec![file], ..post(1, "en", "Heard", "<p>x</p>") };
    let place = ArticlePlace { level: 1, anchor: "", style: Style::Articles };
    let file = ArticleView::new(&post, place, &addresses, &locale).enclosures.remove(0);
    (file.url, file.kind, file.details)
}

#[test]
fn a_file_is_described_in_the_language_of_the_page() {
    let (_, kind, details) = described(episode(), "en", None);
    assert_eq!((kind.as_str(), details.as_str()), ("Audio", "MP3, 1:02:03, 12 MB"));
    let (_, kind, details) = described(episode(), "fa", None);
    assert_eq!((kind.as_str(), details.as_str()), ("فایل صوتی", "MP3، ۱:۰۲:۰۳، ۱۲ مگابایت"));
}

#[test]
fn a_size_is_said_in_the_words_of_the_language() {
    let (publication, templates) = (publication(), Templates::builtin());
    let said = |bytes, tag: &str| size_in_words(bytes, &Locale::new(&language(tag), &publication, templates.strings()));
    assert_eq!(said(43_700, "fa"), "۴۴ کیلوبایت");
    assert_eq!(said(1_249_000, "fa"), "۱٫۲ مگابایت");
    assert_eq!(said(1_249_000, "sq"), "1,2 MB");
    assert_eq!(said(12_600_000, "en"), "13 MB");
    assert_eq!(said(9_949_999, "en"), "9.9 MB");
    assert_eq!(said(0, "en"), "1 kB");
}

#[test]
fn pages_lead_to_the_copy_of_a_file_and_documents_to_its_source() {
    assert_eq!(described(episode(), "en", None).0, "https://a.example/1.mp3");
    assert_eq!(described(episode(), "en", Some("../")).0, "../assets/1.mp3");
    let own = Enclosure { address: "assets/2.pdf".to_owned(), kept: None, length: Some(400), ..episode() };
    let (address, _, details) = described(own, "en", None);
    assert_eq!(address, "https://compositor.example/assets/2.pdf");
    assert!(details.ends_with("1 kB"), "{details}");
}

#[test]
fn a_file_that_the_text_links_is_not_listed_again() {
    let (publication, templates, en) = (publication(), Templates::builtin(), language("en"));
    let locale = Locale::new(&en, &publication, templates.strings());
    let body = "<p><a href=\"https://a.example/1.mp3?a&amp;b\">x</a></p>";
    let file = Enclosure { address: "https://a.example/1.mp3?a&b".to_owned(), kept: None, ..episode() };
    let post = Post { enclosures: vec![file, episode()], ..post(1, "en", "Heard", body) };
    let place = ArticlePlace { level: 1, anchor: "", style: Style::Articles };
    let view = ArticleView::new(&post, place, &Addresses::document(&publication), &locale);
    assert_eq!(view.enclosures.len(), 1);
    let mut post = post;
    post.particulars.transcript = "https://a.example/1.html".to_owned();
    let view = ArticleView::new(&post, place, &Addresses::document(&publication), &locale);
    let words = view.enclosures.last().map(|file| (file.url.as_str(), file.kind.as_str()));
    assert_eq!((view.enclosures.len(), words), (2, Some(("https://a.example/1.html", "Transcript"))));
}

#[test]
fn what_an_edition_borrows_is_marked_with_its_own_language() {
    let outputs = Sample::new().draw(|site| site.editions[1].publication = persian_edition());
    let page = text(&outputs, "fa/index.html");
    for marked in [
        "<h1 class=\"nameplate\" lang=\"fa\" dir=\"rtl\">حروف‌چین</h1>",
        "<p class=\"motto\" lang=\"en\" dir=\"ltr\">On type &amp; print</p>",
        "<span lang=\"fa\" dir=\"rtl\">تحریریهٔ حروف‌چین</span>، <span lang=\"en\" dir=\"auto\">1 Galley Lane, Tirana</span>",
        "<span lang=\"en\" dir=\"ltr\">All may be used freely</span>",
    ] {
        assert!(page.contains(marked), "{marked}\n{page}");
    }
}

#[test]
fn names_stand_in_the_order_of_the_alphabet_and_keep_their_addresses() {
    let mut sample = Sample::new();
    let names = ["گروه", "پیشه", "Ann", "هما", "وحید", "ژاله"].map(str::to_owned).to_vec();
    let plain = Post { authors: vec!["Zoe".to_owned(), "Édith".to_owned()], ..post(8, "en", "Plain", "") };
    sample.posts.extend([Post { tags: names, ..post(9, "fa", "برچسب", "") }, plain]);
    let outputs = sample.draw(|_| ());
    let shown = |path: &str| -> Vec<String> {
        let page = text(&outputs, path);
        let listed = page.split_once("<ul class=\"names\">").unwrap().1;
        let listed = listed.split("</ul>").next().unwrap();
        listed.split("<li><a href=\"").skip(1).map(|rest| rest.split("</a>").next().unwrap().to_owned()).collect()
    };
    let link = |slug: &str, name: &str| format!("../../fa/tags/{slug}/\">{name}");
    let tags = ["پیشه", "ژاله", "گروه", "وحید", "هما"].map(|name| link(name, name));
    assert_eq!(
        shown("fa/tags/index.html"),
        [
            &tags[..],
            &[("ann", "Ann"), ("type", "type")]
                .map(|(slug, name)| link(slug, &format!("<bdi dir=\"ltr\">{name}</bdi>")))[..]
        ]
        .concat()
    );
    let authors = [("édith", "Édith"), ("the-editors", "The editors"), ("zoe", "Zoe")];
    assert_eq!(shown("authors/index.html"), authors.map(|(slug, name)| format!("../authors/{slug}/\">{name}")));
}

#[test]
fn what_is_next_is_newer_and_a_period_is_no_day() {
    let outputs = Sample::new().draw(|_| ());
    let page = text(&outputs, "posts/post-3/index.html");
    for link in ["<a rel=\"next\" href=\"../../posts/post-4/\">", "<a rel=\"prev\" href=\"../../posts/post-2/\">"] {
        assert!(page.contains(link), "{link}\n{page}");
    }
    let list = text(&outputs, "newsletter/index.html");
    assert!(list.contains("<p class=\"byline\"><span class=\"period\">July 2026</span>"), "{list}");
}

#[test]
fn links_to_a_post_that_is_gone_lead_to_its_article() {
    let link = "<p><a href=\"https://compositor.example/posts/post-9/#a\">a</a> <a \
                href=\"https://compositor.example/posts/post-1/\">b</a> <a \
                href=\"https://compositor.example/posts/post-8/\">c</a></p>";
    let mut sample = Sample::new();
    let gone = post(9, "en", "Gone", "<h2 id=\"a\">A</h2><p>Its whole text.</p><p>And more.</p>");
    let imported = Post { address: "https://compositor.example/old/8/".to_owned(), ..post(8, "en", "Old", "") };
    let linking = post(10, "en", "Links", link);
    sample.posts.push(linking.clone());
    sample.issues[0].sections = issue("en", "x", vec![gone, sample.posts[0].clone(), linking, imported]).sections;
    let page = text(&sample.draw(|_| ()), "newsletter/3/index.html");
    let links = "<a href=\"#post-9-a\">a</a> <a href=\"https://compositor.example/posts/post-1/\">b</a> <a \
                 href=\"https://compositor.example/posts/post-8/\">c</a>";
    assert!(page.contains(links), "{page}");
    sample.issues[0].series.style = Style::Digest;
    let page = text(&sample.draw(|_| ()), "newsletter/3/index.html");
    assert!(
        page.contains("<a href=\"https://compositor.example/posts/post-9/#a\">a</a>"),
        "it may not be there: {page}"
    );
    let elsewhere = text(&sample.draw(|_| ()), "posts/post-10/index.html");
    assert!(elsewhere.contains("posts/post-9/#a\">a</a>"), "no article stands there: {elsewhere}");
}

#[test]
fn lists_of_a_language_without_words_say_how_large_a_file_is_in_english() {
    let mut sample = Sample::new();
    sample.issues[0].series.language = language("ckb");
    let outputs = sample.draw(|site| site.editions[0].language = language("ckb"));
    let size = "\u{2066}\u{2068}١.٢\u{2069} MB\u{2069}";
    for page in ["newsletter/index.html", "newsletter/3/index.html"] {
        let link = format!("<bdi lang=\"en\" dir=\"ltr\">Download PDF <bdi>({size})</bdi></bdi></a>");
        assert!(text(&outputs, page).contains(&link), "{}", text(&outputs, page));
    }
}
