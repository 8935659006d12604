//! A digest holds its issue, in both parts, in whichever language, and is never too long.

use super::{digest, pages};
use crate::model::{Detail, Digest, Issue, Language, Marks, Style};
use crate::render::samples::{html, issue, persian_edition, post, with_picture};
use crate::templates::Templates;

pub(super) fn drawn(issue: &Issue) -> Digest {
    let drawn = digest(issue, &Templates::builtin()).unwrap_or_else(|error| panic!("{error}"));
    assert!(drawn.warnings.is_empty(), "{:?}", drawn.warnings);
    drawn.value
}

/// With the words around the articles as a reader of this language gets them.
pub(super) fn read_in(language: &str, digest: &Digest) -> Digest {
    let language = Language::parse(language).unwrap();
    let (_, frame) = digest.frame(Some(&language)).unwrap();
    let [html, text] = [&digest.html, &digest.text].map(|part| frame.fill(part, &digest.marks, str::to_owned));
    Digest { html, text, ..digest.clone() }
}

fn opened(marks: &Marks) -> [String; 3] {
    [marks.greeting(), marks.unsubscribe(), marks.list_title()]
}

pub(super) fn english() -> Issue {
    let body =
        "<p>A stick holds <a href=\"https://a.example/?b=1&amp;c=2\">lines</a> &amp; leads.</p><ul><li>one</li></ul>";
    let mut issue = issue("en", "Newsletter", vec![with_picture(post(1, "en", "The stick & the <line>", body))]);
    issue.intro = Some(html("<p>Welcome to July.</p>"));
    issue
}

fn persian() -> Issue {
    let body = "<h2>چاپ</h2><p>نیم\u{200c}فاصله در چاپ سربی.</p>";
    issue("fa", "خبرنامه", vec![post(1, "fa", "نیم\u{200c}فاصله", body)])
}

#[test]
fn both_parts_hold_the_articles_and_the_open_places() {
    let digest = drawn(&english());
    assert_eq!(digest.detail, Detail::Articles);
    assert_eq!(digest.subject, "Newsletter No. 94: July 2026");
    let read = read_in("en", &digest);
    for part in [&read.html, &read.text] {
        for open in opened(&digest.marks) {
            assert_eq!(part.matches(&open).count(), 1, "{open}");
        }
        for words in [
            "The Compositor",
            "Inside this issue",
            "Welcome to July.",
            "A stick holds",
            "Lead",
            "1 Galley Lane, Tirana",
        ] {
            assert!(part.contains(words), "{words} in {part}");
        }
        assert!(!part.contains("{{") && part.contains("https://compositor.example/newsletter/3/"));
    }
    assert!(digest.html.contains("The stick &amp; the &lt;line&gt;") && digest.text.contains("The stick & the <line>"));
}

#[test]
fn the_html_is_what_mail_programs_need() {
    let html = drawn(&english()).html;
    assert!(html.contains("lang=\"en\"") && html.contains("dir=\"ltr\""));
    assert!(html.contains("role=\"presentation\"") && html.contains("max-width:600px"));
    assert!(html.contains("prefers-color-scheme"), "dark mode stays in the sheet");
    assert!(html.contains("https://compositor.example/assets/0123456789abcdef.png"));
    assert!(html.contains("alt=\"A composing stick &quot;half&quot; full\""));
    let picture = html.split("<img ").find(|rest| rest.contains("0123456789abcdef.png")).unwrap();
    assert!(picture.split('>').next().unwrap().contains("width=\"552\""), "it has 1200 pixels: {picture}");
    assert!(!html.contains("fonts.googleapis") && !html.contains("<script") && !html.contains("<link"));
    let paragraph = html.find("A stick holds").and_then(|at| html[..at].rfind("<p")).unwrap();
    assert!(html[paragraph..].starts_with("<p style=\""), "styles are inlined");
    assert!(!html.contains("<p style=\"display:block"), "what a paragraph is anyway is not said of each");
    assert!(html.contains("class=\"entry\"") && !html.contains("class=\"article\""), "no rule is left that names it");
}

#[test]
fn persian_is_mirrored() {
    let digest = drawn(&persian());
    assert!(digest.html.contains("lang=\"fa\"") && digest.html.contains("dir=\"rtl\""));
    assert!(digest.html.contains("text-align:right") || digest.html.contains("text-align: right"));
    assert!(
        digest.html.contains("نیم\u{200c}فاصله در چاپ سربی") && digest.text.contains("نیم\u{200c}فاصله در چاپ سربی")
    );
    assert!(digest.subject.contains("۱۴۰۵"), "{}", digest.subject);
}

#[test]
fn program_text_in_persian_runs_from_the_left() {
    let body = "<p>با <code>--now</code> و <kbd>[1]</kbd></p><pre><code>x</code></pre>";
    let html = drawn(&issue("fa", "خبرنامه", vec![post(1, "fa", "کد", body), post(2, "en", "Code", body)])).html;
    for name in ["code", "kbd", "pre"] {
        let all = tags(&html, name).into_iter().filter(|tag| tag.starts_with(name)).collect::<Vec<_>>();
        assert!(all[0].contains("dir=\"ltr\""), "{}", all[0]);
        assert!(!all[all.len() - 1].contains("dir="), "a stylesheet costs English nothing: {all:?}");
    }
}

#[test]
fn letters_without_italics_are_set_apart_by_weight_and_not_spaced() {
    let em = &led_to("<p>a <em id=\"e\">b</em> <cite id=\"c\">c</cite></p>");
    for (own, other) in [("fa", "en"), ("en", "ckb")] {
        let mut issue = issue(own, "News", vec![post(1, own, "Own", em), post(2, other, "Other", em)]);
        issue.sections[0].title = "Section".to_owned();
        issue.publication.language = Language::parse(own).unwrap();
        let html = drawn(&issue).html;
        let one = |with: &str| tags(&html, with)[0];
        for (post, tag) in [(1, own), (2, other)] {
            for id in ["e", "c"] {
                let tag_of = one(&format!("id=\"post-{post}-{id}\""));
                assert_eq!(tag_of.contains("font-weight:bold"), tag != "en", "{tag_of}");
                assert_eq!(tag_of.contains("font-style:normal"), tag != "en", "{tag_of}");
            }
        }
        let motto = one("class=\"motto\"");
        assert_eq!(motto.contains("font-style:normal"), own == "fa", "{motto}");
        let section = one("class=\"section\"").replace("0.02em", ".02em");
        assert_eq!(section.contains("letter-spacing:.02em"), own == "en", "{section}");
    }
}

#[test]
fn what_an_edition_borrows_is_marked_with_its_own_language() {
    let html = drawn(&Issue { publication: persian_edition(), ..persian() }).html;
    for (text, lang, dir) in [
        ("حروف‌چین", "fa", "rtl"),
        ("On type &amp; print", "en", "ltr"),
        ("تحریریهٔ حروف‌چین", "fa", "rtl"),
        ("1 Galley Lane, Tirana", "en", "auto"),
        ("All may be used freely", "en", "ltr"),
    ] {
        let place = html.find(&format!(">{text}<")).unwrap_or_else(|| panic!("{text}\n{html}"));
        let tag = &html[html[..place].rfind('<').unwrap()..place];
        // What is in the language of the mail needs not say so.
        let says_language =
            if lang == "fa" { !tag.contains("lang=") } else { tag.contains(&format!("lang=\"{lang}\"")) };
        assert!(says_language && tag.contains(&format!("dir=\"{dir}\"")), "{tag} {text}");
    }
}

#[test]
fn the_words_around_the_articles_are_in_the_language_of_the_reader() {
    for (issue, own, other) in [(english(), "en", "fa"), (persian(), "fa", "sq")] {
        let digest = drawn(&issue);
        let (mine, theirs) = (read_in(own, &digest), read_in(other, &digest));
        let strings = Templates::builtin();
        for key in ["view_in_browser", "download_pdf", "inside_this_issue", "unsubscribe"] {
            let words = |tag| strings.strings().get(&Language::parse(tag).unwrap(), key).unwrap();
            assert!(mine.html.contains(words(own)) && mine.text.contains(words(own)), "{key}");
            assert!(theirs.html.contains(words(other)) && theirs.text.contains(words(other)), "{key}");
            assert!(!theirs.html.contains(&format!(">{}<", words(own))), "{key}");
        }
        // Each of them says which language it is in.
        let direction = if other == "fa" { "dir=\"rtl\"" } else { "dir=\"ltr\"" };
        let mark = format!("lang=\"{other}\"");
        let marked: Vec<&str> = theirs.html.split('<').filter(|tag| tag.contains(&mark)).collect();
        assert_eq!(marked.len(), 4, "view, heading, greeting, foot: {marked:?}");
        assert!(marked.iter().all(|tag| tag.contains(direction)), "{marked:?}");
        // What belongs to the issue stays as it was printed.
        let articles = |digest: &Digest| {
            let html = &digest.html;
            html[html.find("<article").unwrap()..html.find("</footer>").unwrap()].to_owned()
        };
        assert_eq!(articles(&mine), articles(&theirs));
        assert!(!theirs.html.contains("words_") && !theirs.text.contains("words_"), "{}", theirs.text);
    }
}

#[test]
fn a_postal_address_of_several_lines_has_them_in_the_imprint() {
    let mut issue = english();
    issue.publication.postal_address = Some("The Compositor\n1 Foundry Lane".to_owned());
    let digest = drawn(&issue);
    let at = digest.html.find("The Compositor\n1 Foundry Lane</span>").expect("its lines");
    let tag = &digest.html[digest.html[..at].rfind('<').unwrap()..at];
    assert!(tag.contains("white-space:pre-line"), "{tag}");
    assert!(digest.text.contains("The Compositor\n1 Foundry Lane"), "{}", digest.text);
}

#[test]
fn a_private_issue_has_no_link_to_a_page() {
    let mut issue = english();
    issue.series.public = false;
    let digest = drawn(&issue);
    assert_eq!((digest.page, digest.archive), (None, None));
    for part in [&digest.html, &digest.text] {
        assert!(!part.contains("newsletter/3") && !part.contains(".pdf"), "{part}");
    }
}

#[test]
fn a_public_issue_leads_to_its_pdf() {
    let digest = read_in("en", &drawn(&english()));
    let pdf = "https://compositor.example/newsletter/3/newsletter-3.pdf";
    assert!(digest.html.contains(&format!("href=\"{pdf}\"")), "{}", digest.html);
    assert!(digest.text.contains(&format!("Download PDF:\n<{pdf}>\n")), "{}", digest.text);
}

#[test]
fn summaries_are_slanted_in_whole_articles_alone() {
    let mut issue = english();
    let post = &mut issue.sections[0].articles[0].post;
    post.summary = Some("Of sticks.".to_owned());
    post.body = html(&format!("<p>{}</p>", "A stick holds lines. ".repeat(200)));
    let slant = |issue: &Issue| {
        let html = drawn(issue).html;
        let (before, _) = html.rsplit_once(">Of sticks.<").unwrap_or_else(|| panic!("{html}"));
        before.rsplit('<').next().unwrap().contains("italic")
    };
    assert!(slant(&issue));
    issue.series.style = Style::Digest;
    assert!(!slant(&issue), "as on pages and in PDFs");
}

#[test]
fn words_of_tables_stay_whole_and_long_addresses_do_not() {
    let table =
        "<table><tr><th>Assembling</th><td><a href=\"https://a.example/\">https://a.example/</a></td></tr></table>";
    let html = drawn(&issue("en", "Newsletter", vec![post(1, "en", "Stages", table)])).html;
    let style = |tag: &str| {
        let from = html.find(tag).unwrap_or_else(|| panic!("{tag} in {html}"));
        html[from..from + html[from..].find('>').unwrap()].to_owned()
    };
    assert!(style("<th ").contains("word-break:normal"), "{}", style("<th "));
    assert!(style("<th ").contains("overflow-wrap:break-word"), "{}", style("<th "));
    assert!(style("<a href=\"https://a.example/\"").contains("overflow-wrap:anywhere"));
    // What is wider than the message even so scrolls by itself, and the text around it keeps its width.
    let sheet = html[..html.find("<body").unwrap()].replace(char::is_whitespace, "");
    let on_screens = sheet.split("@media(max-width:900px){").nth(1).unwrap().split("@media").next().unwrap();
    assert!(on_screens.contains(".pagetable{table-layout:fixed"), "{sheet}");
    assert!(on_screens.contains(".bodytable{display:block;max-width:100%;overflow-x:auto"), "{sheet}");
}

#[test]
fn pictures_have_a_light_ground_in_the_dark() {
    let html = drawn(&english()).html;
    let sheet = html[..html.find("<body").unwrap()].replace(char::is_whitespace, "");
    let dark = sheet.split("@media(prefers-color-scheme:dark){").nth(1).unwrap().split("@media").next().unwrap();
    assert!(dark.contains(".frameimg{background:#f7f4ee!important;color:#222!important"), "{sheet}");
}

#[test]
fn links_of_the_contents_list_underline_titles_alone() {
    let html = drawn(&english()).html;
    // The blank between title and byline is the link's own; a rule in the sheet, which costs nothing for each entry.
    let sheet = html[..html.find("<body").unwrap()].replace(char::is_whitespace, "");
    assert!(sheet.contains(".contents.entrya{text-decoration:none!important"), "{sheet}");
    assert!(sheet.contains(".contents.entryaspan{text-decoration:underline!important"), "{sheet}");
    assert!(html.contains("class=\"entry\"") && html.contains("<span dir=\"ltr\">The stick &amp; the"));
}

#[test]
fn the_web_copy_names_nobody() {
    let digest = drawn(&english());
    let [html, text] = pages(&digest, "newsletter/3/", "Members");
    assert_eq!((html.path.as_str(), text.path.as_str()), ("newsletter/3/email.html", "newsletter/3/email.txt"));
    let text = String::from_utf8(text.bytes.into()).unwrap();
    assert!(text.contains("Dear reader,") && text.contains("subscribed to Members"));
    assert!(!opened(&digest.marks).iter().any(|open| text.contains(open)));
}

#[test]
fn the_text_part_reads_well() {
    let digest = read_in("en", &drawn(&english()));
    let marks = opened(&digest.marks).into_iter().zip(opened(&Marks::default()));
    let text = marks.fold(digest.text, |text, (mark, plain)| text.replace(&mark, &plain));
    insta::assert_snapshot!(text, @r#"
    The Compositor
    Newsletter No. 94
    July 2026 · Published 1 August 2026

    View in browser:
    <https://compositor.example/newsletter/3/>

    Download PDF:
    <https://compositor.example/newsletter/3/newsletter-3.pdf>

    X0greeting0X

    Welcome to July.

    Inside this issue
    -----------------

    Reports
    - The stick & the <line>


    Reports
    =======


    The stick & the <line>
    ----------------------
    By The editors · 1 July 2026

    About The stick & the <line>.

    [A composing stick "half" full]

    [Lead & antimony]

    A stick holds lines [1] & leads.

    - one

    [1] https://a.example/?b=1&c=2

    Source: The National Archive
    <https://archive.example/?a=1&b=2>


    -- 
    Published by The Compositor Society
    1 Galley Lane, Tirana
    Contact: editors@compositor.example
    https://compositor.example/newsletter/3/

    You get this because you are subscribed to X0listtitle0X.
    Unsubscribe:
    <X0unsubscribelink0X>
    "#);
    assert_eq!(drawn(&persian()), drawn(&persian()));
}

#[test]
fn the_text_part_says_what_the_picture_shows_that_leads_an_article() {
    let leads = |alt: &str, summary: &str| {
        let body = "<p>It was <b>built</b> in May, and more.</p>";
        let mut post = with_picture(post(1, "en", "The hall", body));
        post.summary = Some(summary.to_owned());
        let picture = post.picture.as_mut().unwrap();
        (picture.alt, picture.caption) = (alt.to_owned(), Some("By Ann".to_owned()));
        drawn(&issue("en", "News", vec![post])).text
    };
    let text = leads(" A plan of the yard. ", "About it");
    assert!(text.contains("About it\n\n[A plan of the yard.]\n\n[By Ann]\n\nIt was"), "{text}");
    assert!(
        leads("A \u{202e}plan\n of\u{1b} it", "About it").contains("\n\n[A plan of it]\n\n"),
        "on one line, and turned nowhere"
    );
    let long = leads(&"word ".repeat(200), "About it").replace('\n', " ");
    assert!(long.contains("word\u{2026}]") && long.matches("word ").count() == 99, "{long}");
    // What is said beside it is not said twice, and what tells nothing is not said.
    for alt in [
        "",
        " ",
        "the  HALL",
        "Hall",
        "About it!",
        "About",
        "by ann.",
        "Ann",
        "IMG_1234.jpg",
        "DSC00042",
        "Photo",
        "1912",
    ] {
        let text = leads(alt, "About it");
        assert!(text.contains("About it\n\n[By Ann]\n\nIt was"), "{alt}: {text}");
    }
    let begun = "It was built in May";
    let text = leads(begun, begun);
    assert!(text.contains("2026\n\n[By Ann]\n\nIt was"), "{text}");
}

#[test]
fn an_article_that_holds_marks_gets_nothing_of_a_reader() {
    let own = drawn(&english()).marks;
    for marks in [Marks::default(), own] {
        let [greeting, link, list] = opened(&marks);
        let view = marks.place("view_in_browser");
        let body = format!(
            "<p>{greeting} {list} {view}</p><p><img src=\"https://evil.example/p.png?g={greeting}&amp;u={link}\" alt=\"\"></p>"
        );
        let digest = drawn(&issue("en", "Newsletter", vec![post(1, "en", &format!("Of {greeting}"), &body)]));
        let [html, text] = pages(&digest, "", "Members").map(|page| String::from_utf8(page.bytes.into()).unwrap());
        assert!(
            html.contains(&format!("g={greeting}&amp;u={link}")) && html.contains(&format!("{list} {view}")),
            "{html}"
        );
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("{greeting} {list} {view}")), "{text}");
        let filled = read_in("en", &digest).html;
        for open in opened(&digest.marks) {
            assert_eq!(filled.matches(&open).count(), 1, "{open}");
        }
    }
}

/// Markup with a link to each id in it, without which a mail has none of them.
fn led_to(html: &str) -> String {
    let ids = html.split(" id=\"").skip(1).filter_map(|from| from.split('"').next());
    let links: Vec<String> = ids.map(|id| format!("<a href=\"#{id}\">{id}</a>")).collect();
    format!("{html}<p>{}</p>", links.concat())
}

/// The tags with this class, name or beginning of an id, in order.
fn tags<'h>(html: &'h str, with: &str) -> Vec<&'h str> {
    html.split('<').filter_map(|tag| tag.split('>').next()).filter(|tag| tag.contains(with)).collect()
}

#[test]
fn what_runs_the_other_way_stands_at_its_own_side() {
    let parts = |tag: &str, dir: &str| {
        format!(
            "<p id=\"p\" lang=\"{tag}\" dir=\"{dir}\">a</p><blockquote id=\"q\" lang=\"{tag}\" dir=\"{dir}\"><p>b</p></blockquote>\
             <ul id=\"u\" lang=\"{tag}\" dir=\"{dir}\"><li>c</li></ul><ol id=\"o\" lang=\"{tag}\" dir=\"{dir}\"><li>d</li></ol>\
             <table lang=\"{tag}\" dir=\"{dir}\"><tr><td id=\"t\">e</td></tr></table>"
        )
    };
    for (own, other, dir, side, style, numerals) in [
        ("en", "fa", "rtl", "right", "font-style:normal", "persian"),
        ("fa", "en", "ltr", "left", "font-style:italic", "decimal"),
    ] {
        let back = if dir == "rtl" { "ltr" } else { "rtl" };
        let inner = format!("{}<p id=\"back\" lang=\"{own}\" dir=\"{back}\">f</p>", parts(other, dir));
        let mut issue = issue(own, "News", vec![post(1, own, "Own", &led_to(&inner))]);
        let foreign =
            format!("<blockquote id=\"in\"><p>g</p></blockquote><p id=\"out\" lang=\"{own}\" dir=\"{back}\">h</p>");
        let mut standing = issue.sections[0].articles[0].clone();
        standing.post = post(2, other, "Other", &led_to(&foreign));
        standing.anchor = "other".to_owned();
        issue.standing = vec![standing];
        let html = drawn(&issue).html;
        let one = |with: &str| tags(&html, with)[0];
        for id in ["p", "q", "u", "o", "t"] {
            let tag = one(&format!("id=\"post-1-{id}\""));
            assert!(tag.contains(&format!("text-align:{side}")), "{own}: {tag}");
        }
        assert!(one("id=\"post-1-q\"").contains(style) && one("id=\"other-in\"").contains(style), "{own}");
        assert!(one("id=\"post-1-o\"").contains(&format!("list-style-type:{numerals}")), "{}", one("id=\"post-1-o\""));
        let articles: Vec<&str> =
            tags(&html, "article ").into_iter().filter(|tag| tag.starts_with("article ")).collect();
        assert!(articles[1].contains(&format!("text-align:{side}")), "its heading, too: {}", articles[1]);
        for still in [articles[0], one("id=\"post-1-back\"")] {
            assert!(!still.contains("text-align"), "as what is around it: {still}");
        }
        let start = if side == "left" { "right" } else { "left" };
        assert!(one("id=\"other-out\"").contains(&format!("text-align:{start}")), "{}", one("id=\"other-out\""));
    }
}

#[test]
fn notes_and_quotations_within_a_passage_in_another_language_are_those_of_it() {
    for (own, other, dir) in [("en", "fa", "rtl"), ("fa", "en", "ltr")] {
        let back = if dir == "rtl" { "ltr" } else { "rtl" };
        let inner = format!(
            "<div lang=\"{other}\" dir=\"{dir}\"><blockquote id=\"n\" class=\"markdown-alert-note\"><p>a</p></blockquote>\
             <blockquote id=\"b\" lang=\"{own}\" dir=\"{back}\"><p>b</p></blockquote>\
             <blockquote id=\"m\" class=\"markdown-alert-note\" lang=\"{own}\" dir=\"{back}\"><p>c</p></blockquote></div>"
        );
        let html = drawn(&issue(own, "News", vec![post(1, own, "Own", &led_to(&inner))])).html;
        let one = |id: &str| tags(&html, &format!("id=\"post-1-{id}\""))[0];
        let style = if own == "fa" { "font-style:normal" } else { "font-style:italic" };
        assert!(one("b").contains(style), "{own}: {}", one("b"));
        // Their bar is above them, which is the same in both directions.
        for tag in [one("n"), one("m")] {
            assert!(tag.contains("font-style:normal") && tag.contains("border-top:3px solid"), "{own}: {tag}");
        }
    }
}

#[test]
fn files_without_a_title_are_called_by_their_addresses_apart_from_the_line() {
    let file = |name: &str, title: Option<&str>| crate::model::Enclosure {
        address: format!("https://a.example/{name}"),
        title: title.map(str::to_owned),
        media_type: "application/pdf".to_owned(),
        ..crate::model::Enclosure::default()
    };
    let with_files = |number, tag: &str| {
        let mut post = post(number, tag, "Water", "<p>x</p>");
        post.enclosures =
            vec![file("minutes.pdf", None), file("صورت.pdf", None), file("0123456789abcdef.pdf", Some("صورت"))];
        post
    };
    let text = |tag: &str| drawn(&issue("en", "News", vec![with_files(1, tag)])).text;
    let persian = "\u{2068}صورت.pdf\u{2069} (PDF):\n";
    let english = text("en");
    for words in ["\n\nminutes.pdf (PDF):\n", &format!("\n\n{persian}"), "\n\nصورت (PDF):\n"] {
        assert!(english.contains(words), "{words}\n{english}");
    }
    // What is set apart does not say how a line runs: `PDF` would.
    let from_the_right = text("fa");
    for words in
        ["\n\n\u{200f}\u{2068}minutes.pdf\u{2069} (PDF):\n", &format!("\n\n\u{200f}{persian}"), "\n\nصورت (PDF):\n"]
    {
        assert!(from_the_right.contains(words), "{words}\n{from_the_right}");
    }
    let html = drawn(&issue("en", "News", vec![with_files(1, "en")])).html;
    for words in ["<bdi>minutes.pdf</bdi>", "<bdi>صورت.pdf</bdi>", ">صورت</a>"] {
        assert!(html.contains(words), "{words}\n{html}");
    }
}

#[test]
fn broken_mjml_is_told_with_its_place() {
    let file = |text: &str| crate::templates::TemplateFile {
        name: "email/issue.mjml.hbs".to_owned(),
        path: "templates/email/issue.mjml.hbs".into(),
        text: text.to_owned(),
    };
    let error = |text: &str| Templates::load(&[file(text)]).err().map(|error| error.to_string()).unwrap_or_default();
    insta::assert_snapshot!(error("<mjml>\n<mj-body>\n<mj-nonsense /></mj-body></mjml>"), @r"templates/email/issue.mjml.hbs:3:1: `mj-nonsense` is not an element of MJML");
    insta::assert_snapshot!(error("<mjml><mj-body>\n<mj-raw>{{#if rtl}}x{{/each}}</mj-raw></mj-body></mjml>"), @"templates/email/issue.mjml.hbs:2:21: `if` was opened, but `each` is closed");
    let failure = |text: &str| {
        let templates = Templates::load(&[file(text)]).unwrap().value;
        digest(&english(), &templates).unwrap_err().to_string()
    };
    let page = |head: &str, body: &str| {
        format!(
            "<mjml>\n<mj-head><mj-attributes>{head}</mj-attributes></mj-head>\n<mj-body><mj-section><mj-column>\n{body}\n</mj-column></mj-section></mj-body>\n</mjml>\n"
        )
    };
    insta::assert_snapshot!(failure(&page("", "<mj-text>{{why}}\n {{whyy}}</mj-text>")), @r"
    templates/email/issue.mjml.hbs:5:2: there is no value `whyy` here
      did you mean `why`?
    ");
    insta::assert_snapshot!(failure(&page("", "<mj-raw>{{#each sections}}{{#each articles}}<p align=\"{{start}}\"></p>{{/each}}{{/each}}</mj-raw>")), @r"
    templates/email/issue.mjml.hbs:4:55: there is no value `start` here
      `@root.start` is that of the whole page
    ");
    let copied = page(
        "<mj-text align=\"{{start}}\" />",
        "<mj-raw>{{#each sections}}</mj-raw><mj-text>x</mj-text><mj-raw>{{/each}}</mj-raw>",
    );
    insta::assert_snapshot!(failure(&copied), @r"
    templates/email/issue.mjml.hbs:2:41: there is no value `start` here
      `@root.start` is that of the whole page
    ");
}

#[test]
fn what_is_filled_into_the_archive_copy_is_text() {
    let [html, text] = pages(&drawn(&english()), "", "R&D <x>");
    assert!(String::from_utf8_lossy(&html.bytes.whole()).contains("R&amp;D &lt;x&gt;"));
    assert!(String::from_utf8_lossy(&text.bytes.whole()).contains("R&D <x>"));
}
