//! What is for members only is nowhere on the web, and whole in their mail.

use crate::publication::Publication;

/// A publication with a public newsletter and a series for members, and a post for each of them.
fn with_members(keys: &str) -> Publication {
    Publication::new()
        .series(
            "newsletter",
            "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nexclude_tags = [\"inside\"]",
        )
        .series(
            "inside",
            &format!(
                "title = \"Inside\"\nwindow = \"monthly\"\nsince = 2026-07-01\npublic = false\ntags = [\"inside\"]\n\
                 lists = [\"members\"]\nmail = \"auto\"\n{keys}"
            ),
        )
        .tables(
            "[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"\n\n[mail]\n\
             from = \"The Compositor <news@compositor.example>\"",
        )
        .file("readers.csv", "email\nann@x.example\n")
        .picture("posts/press.png", 9, 9)
        .short_post("2026-07-03-open.md", "Open to all")
        .post(
            "2026-07-04-quoins.md",
            "---\ntitle: Quoins\ntags: [inside, furniture]\nauthor: The Vault\nsection: Backstage\n\
             summary: A frisket.\n---\nThe first paragraph about wedges.\n\n![A press](press.png)\n\nThe last one.\n",
        )
        .post("2026-07-05-shown.md", "---\ntitle: Shown anyway\ntags: [inside]\npublic: true\n---\nOn the web, too.\n")
        .post("2026-06-05-early.md", "---\ntitle: Early days\ntags: [inside]\n---\nBefore there was such a series.\n")
}

/// The files under public/ that hold a text, pictures aside.
fn naming(publication: &Publication, text: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase().contains(text);
    let files = publication.tree("public").into_iter();
    files.filter(|(path, bytes)| path.to_lowercase().contains(text) || holds(bytes)).map(|(path, _)| path).collect()
}

fn mail(publication: &Publication) -> mail_parser::Message<'static> {
    let (_, bytes) = publication.tree("outbox/inside-1").into_iter().next().expect("a mail for the member");
    mail_parser::MessageParser::default().parse(&bytes).unwrap().into_owned()
}

#[test]
fn what_only_members_get_is_nowhere_on_the_web() {
    let publication = with_members("");
    publication.run(&["publish"]).ok().says("1 post is for members only, and not on the web");
    for word in ["quoins", "wedges", "frisket", "the vault", "backstage", "furniture"] {
        assert_eq!(naming(&publication, word), [""; 0], "{word}");
    }
    for shown in ["posts/shown/index.html", "posts/early/index.html", "posts/open/index.html", "tags/inside/index.html"]
    {
        assert!(publication.has(&format!("public/{shown}")), "{shown}");
    }
    assert!(publication.read("public/feed.xml").contains("Shown anyway"));
    // It stays so when the series takes other posts from now on: what was printed for members is theirs.
    let publication = publication.reconfigure("\ntags = [\"inside\"]", "\ntags = [\"elsewhere\"]").published();
    assert_eq!(naming(&publication, "wedges"), [""; 0]);
    // And it is everybody's once a public series takes it, too.
    let publication = publication.reconfigure("\nexclude_tags = [\"inside\"]", "").published();
    assert!(publication.has("public/posts/quoins/index.html"));
}

#[test]
fn in_their_mail_it_is_whole_and_leads_to_nothing_that_does_not_answer() {
    for style in ["", "style = \"digest\""] {
        let publication = with_members(style).published();
        let message = mail(&publication);
        let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
        for part in [&text, &html] {
            assert!(part.contains("first paragraph about wedges") && part.contains("The last one."), "{style}: {part}");
            assert!(!part.contains("/posts/quoins") && !part.contains(".pdf"), "{style}: {part}");
            for address in part.split("https://compositor.example/").skip(1) {
                let path: String =
                    address.chars().take_while(|c| !matches!(c, '"' | '>' | ')' | '<' | ' ' | '\n' | '\r')).collect();
                let path = path.split('#').next().unwrap();
                let file =
                    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
                assert!(publication.has(&format!("public/{file}")), "{style}: {file} does not answer");
            }
        }
        assert!(html.contains("https://compositor.example/assets/"), "the picture");
    }
}

#[test]
fn a_long_issue_for_members_keeps_what_can_be_read_nowhere_else() {
    let long = "A paragraph of some length about wedges and how they hold a page of type. ".repeat(1800);
    let publication = with_members("")
        .post(
            "2026-07-06-long.md",
            &format!("---\ntitle: Long\ntags: [inside]\n---\nIt begins.\n\n{long}\n\nIt ends.\n"),
        )
        .post(
            "2026-07-07-also.md",
            &format!("---\ntitle: Also\ntags: [inside]\npublic: true\n---\nIt opens.\n\n{long}\n\nIt closes.\n"),
        )
        .published();
    let message = mail(&publication);
    let html = message.body_html(0).unwrap();
    assert!(html.contains("It begins.") && html.contains("It ends."), "no page to lead to");
    assert!(html.contains("It opens.") && !html.contains("It closes.") && html.contains("/posts/also/"), "shortened");
}

#[test]
fn a_drawing_in_their_mail_is_on_the_web_where_no_message_encloses_it() {
    let publication = with_members("")
        .reconfigure("news@compositor.example>\"", "news@compositor.example>\"\npictures = \"inline\"")
        .file(
            "posts/c.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>",
        )
        .edit("posts/2026-07-04-quoins.md", "The last one.", "![A chart](c.svg)\n\nThe last one.")
        .published();
    let html = mail(&publication).body_html(0).unwrap().into_owned();
    let links: Vec<&str> = html.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let drawing = links.iter().find(|link| link.ends_with(".svg")).unwrap_or_else(|| panic!("{links:?}"));
    let name = drawing.rsplit('/').next().unwrap();
    assert_eq!(publication.files("public/assets"), [name], "and the others are in the message: {links:?}");
    let told = publication.run(&["send", "inside", "1"]).ok();
    told.says("1 picture in SVG will not be seen in many mail programs");
}

/// Two posts for members in one issue and one in the next, and one for everybody; all of them link to the others.
fn with_links() -> Publication {
    let links = |title: &str, tags: &str| {
        format!(
            "---\ntitle: {title}\ntags: [{tags}]\n---\n## Parts\n\nSee [wedges](2026-07-04-quoins.md), \
             [their parts](2026-07-08-leads.md#parts), [the next one](2026-08-02-later.md) and [the news](2026-07-03-open.md).\n"
        )
    };
    with_members("")
        .post("2026-07-08-leads.md", &links("Leads", "inside"))
        .post("2026-07-09-everybody.md", &links("Everybody", "news"))
        .post("2026-08-02-later.md", &links("Later", "inside"))
}

#[test]
fn links_to_what_is_for_members_only_lead_to_it_where_it_is_and_else_nowhere() {
    let publication = with_links().published();
    let message = mail(&publication);
    let html = message.body_html(0).unwrap();
    let leads = html.split("id=\"leads\"").nth(1).expect("the article");
    let link = |words: &str| {
        let before = leads.split_once(words).unwrap_or_else(|| panic!("{words}: {leads}")).0;
        let tag = before.rsplit_once('<').unwrap().1;
        tag.split_once("href=\"").and_then(|(_, value)| value.split('"').next()).map(str::to_owned)
    };
    assert_eq!(link("wedges</a>").as_deref(), Some("#quoins"), "in the same mail");
    let parts = link("their parts</a>").expect("a link");
    assert!(parts.starts_with("#leads-") && html.contains(&format!("id=\"{}\"", &parts[1..])), "{parts}");
    assert!(leads.contains("the next one and"), "in no mail yet, and never on the web: {leads}");
    assert_eq!(link("the news</a>").as_deref(), Some("https://compositor.example/posts/open/"));
    let text = message.body_text(0).unwrap();
    assert!(!text.contains("/posts/later/") && !text.contains("/posts/quoins/"), "{text}");
    let links = crate::readers::pdf_links(&publication.path("issues/inside/0001/released/r1/inside-1.pdf"));
    assert!(links.iter().any(|link| link.ends_with("/posts/open/")), "{links:?}");
    assert!(!links.iter().any(|link| link.contains("quoins") || link.contains("later")), "{links:?}");
    for name in ["public/posts/everybody/index.html", "public/feed.json", "public/newsletter/1/index.html"] {
        let page = publication.read(name);
        assert!(page.contains("See wedges, their parts, the next one and"), "{name}: {page}");
        assert!(!page.contains("posts/quoins") && page.contains("posts/open/"), "{name}");
    }
}

#[test]
fn links_to_what_is_for_members_only_stay_out_when_it_or_the_publication_moves() {
    let publication = with_links().published();
    let says_nothing = |publication: &Publication| {
        assert!(publication.read("public/newsletter/1/index.html").contains("See wedges, their parts"));
        assert_eq!(naming(publication, "quoins"), [""; 0]);
    };
    let elsewhere = publication.copy().reconfigure("https://compositor.example/", "https://new.example/").published();
    says_nothing(&elsewhere);
    let text = publication.read("posts/2026-07-04-quoins.md");
    let renamed = publication.without("posts/2026-07-04-quoins.md").post("2026-07-04-wedges.md", &text).published();
    says_nothing(&renamed);
    says_nothing(&renamed.reconfigure("https://compositor.example/", "https://new.example/").published());
}

#[test]
fn a_link_that_is_left_out_is_told_with_its_post() {
    let publication = with_links();
    let why = "that post is for members only";
    let told = publication.run(&["publish"]).ok();
    told.says("posts/2026-07-08-leads.md: the link to `https://compositor.example/posts/later/` is left out, its words stay")
        .says(why)
        .says("posts/2026-07-09-everybody.md: 3 links to posts for members only are left out, their words stay; the first is to \
               `https://compositor.example/posts/quoins/`");
    publication.run(&["check"]).ok().says("posts/2026-07-09-everybody.md: 3 links to posts for members only");
    // Nothing is told of what is frozen: it went out.
    let told = publication.run(&["publish"]).ok();
    assert!(!told.stderr.contains("leads.md"), "{}", told.stderr);
    // Once it is everybody's, links lead to it.
    let publication = publication.reconfigure("\nexclude_tags = [\"inside\"]", "").published();
    assert!(publication.read("public/posts/everybody/index.html").contains("posts/quoins/\">wedges</a>"));
}

#[test]
fn a_picture_that_the_web_server_alone_has_is_shown_by_its_whole_address() {
    let pictures = "![A press](/img/a.png) ![A case](https://compositor.example/img/b.png)";
    let publication = crate::sending::with_mail("[mail]\nfrom = \"The Compositor <news@compositor.example>\"")
        .reconfigure("mail = \"auto\"", "mail = \"auto\"\nfreeze = \"manual\"")
        .file("readers.csv", "ann@x.example\n")
        .post("2026-07-12-two.md", &format!("---\ntitle: Two\n---\n{pictures}\n"))
        .published();
    let toml = "issues/newsletter/0001/issue.toml";
    let text = format!("{}\nintro = \"{pictures}\"\n", publication.read(toml));
    let line = text.lines().position(|line| line.starts_with("intro = ")).unwrap() + 1;
    let publication = publication.file(toml, text);
    let told = publication.run(&["-v", "issue", "freeze", "newsletter", "1"]).ok();
    let hint = "picture `/img/a.png` is not at hand\n  if the web server has it, write its whole address: \
                `https://compositor.example/img/a.png`";
    told.says(&format!("posts/2026-07-12-two.md:4:12: {hint}")).says(&format!("{toml}:{line}:21: {hint}"));
    let publication = publication.published();
    let (_, bytes) = publication.tree("outbox/newsletter-1").into_iter().next().unwrap();
    let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap().into_owned();
    for html in [publication.read("public/newsletter/1/index.html"), mail.body_html(0).unwrap().into_owned()] {
        let whole = html.matches("src=\"https://compositor.example/img/b.png\"").count();
        assert_eq!(whole, 2, "in the introduction and in the post: {html}");
        assert!(html.contains("A press") && !html.contains("img/a.png"), "{html}");
    }
}

#[test]
fn introductions_show_their_pictures_and_lead_to_pages_that_are_there() {
    let publication = with_members("freeze = \"manual\"")
        .reconfigure(
            "exclude_tags = [\"inside\"]",
            "exclude_tags = [\"inside\"]\nfreeze = \"manual\"\nlists = [\"members\"]",
        )
        .published();
    let intro = "\nintro = \"\"\"\n![A press](press.png), ![Own](own.png), ![Gone](gone.png), [open](posts/2026-07-03-open.md), \
                 [open too](2026-07-03-open.md), [nothing](2026-07-09-none.md), [inside](/posts/quoins/).\n\"\"\"\n";
    let toml = "issues/newsletter/0001/issue.toml";
    let text = publication.read(toml) + intro;
    let publication = publication.file(toml, text).picture("issues/newsletter/0001/own.png", 12, 7);
    let told = publication.run(&["issue", "freeze", "newsletter", "1"]).ok();
    told.says("picture `gone.png` is not at hand")
        .says("`2026-07-09-none.md` is no post of this source")
        .says("issue.toml: the link to `https://compositor.example/posts/quoins/` is left out");
    let publication = publication.published().after(&["send", "newsletter", "1", "--yes"]);
    let (_, bytes) = publication.tree("outbox/newsletter-1").into_iter().next().unwrap();
    let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap().into_owned();
    let html = mail.body_html(0).unwrap().into_owned();
    let intro = &html[html.find("Dear ").unwrap()..html.find("class=\"contents\"").unwrap()];
    let shown: Vec<&str> = intro.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(shown.len(), 2, "{intro}");
    for address in shown {
        let path = address.strip_prefix("https://compositor.example/").unwrap();
        assert!(path.starts_with("assets/") && publication.has(&format!("public/{path}")), "{path}");
    }
    let links: Vec<&str> = intro.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["https://compositor.example/posts/open/"; 2], "{intro}");
    assert!(publication.read("public/newsletter/1/index.html").contains("alt=\"Own\""));
    // It is printed from the issue's own copies.
    let publication = publication.without("issues/newsletter/0001/own.png").without("public").published();
    let name = publication.files("issues/newsletter/0001/assets");
    assert!(name.len() == 2 && name.iter().all(|name| publication.has(&format!("public/assets/{name}"))), "{name:?}");
}

#[test]
fn what_is_for_members_is_known_however_its_word_is_typed() {
    let internal = |extra: &str| format!("window = \"monthly\"\nsince = 2026-07-01\n{extra}");
    let mut publication = Publication::new()
        .series("newsletter", &internal("exclude_tags = [\"çështje të brendshme\", \"داخلی\"]"))
        .series("inside", &internal("public = false\ntags = [\"çështje të brendshme\", \"داخلی\"]"))
        .short_post("2026-07-01-open.md", "Open to all");
    let typed = [
        "Çështje të brendshme",
        "\"#çështje të brendshme\"",
        "c\u{327}e\u{308}shtje te\u{308} brendshme",
        "داخلي",
        "داخلی\u{200f}",
    ];
    for (day, word) in typed.iter().enumerate() {
        let post = format!("---\ntitle: Wedges {day}\ntags: [{word}]\n---\nAbout wedges.\n");
        publication = publication.post(&format!("2026-07-1{day}-wedges-{day}.md"), &post);
    }
    publication.run(&["publish"]).ok().says("5 posts are for members only, and not on the web");
    assert_eq!(naming(&publication, "wedges"), [""; 0]);
    assert!(publication.read("issues/inside/0001/frozen.json").contains("Wedges 4"));
}

/// The same with a yearbook of the series for members, in the next January.
fn with_yearbook(keys: &str) -> Publication {
    let volume = format!("title = \"Yearbook\"\nbinds = \"inside\"\nwindow = \"yearly\"\nsince = 2026-01-01\n{keys}");
    with_members("").series("yearbook", &volume).at("2027-01-03T08:00:00Z").published()
}

#[test]
fn a_volume_of_a_series_for_members_is_for_members() {
    let publication = with_yearbook("");
    assert!(publication.read("issues/yearbook/0001/frozen.json").contains("Quoins"));
    for word in ["quoins", "wedges", "yearbook"] {
        assert_eq!(naming(&publication, word), [""; 0], "{word}");
    }
    // What was frozen by a version that took it for public is not shown either.
    let frozen = "issues/yearbook/0001/frozen.json";
    let publication = publication.edit(frozen, "\"public\": false", "\"public\": true").published();
    assert!(publication.read(frozen).contains("\"public\": true"));
    for word in ["quoins", "wedges", "yearbook"] {
        assert_eq!(naming(&publication, word), [""; 0], "{word}");
    }
}

#[test]
fn a_volume_that_says_it_is_public_shows_its_texts_and_gives_none_a_page() {
    for style in ["", "\nstyle = \"digest\""] {
        let publication = with_yearbook(&format!("public = true{style}"));
        let page = publication.read("public/yearbook/1/index.html");
        assert!(page.contains("first paragraph about wedges") && page.contains("The last one."), "{style}: {page}");
        assert!(!page.contains("posts/quoins"), "{style}: {page}");
        assert!(!publication.has("public/posts/quoins/index.html"), "{style}");
        assert!(!publication.has("public/tags/furniture/index.html"), "{style}");
    }
}

#[test]
fn what_a_series_had_for_members_stays_theirs_when_it_is_gone() {
    let publication = with_members("")
        .post("2026-07-06-left.md", "---\ntitle: Left out\ntags: [inside]\n---\nNo frisket.\n")
        .reconfigure("mail = \"auto\"", "freeze = \"manual\"\nmail = \"auto\"")
        .published();
    let toml = "issues/inside/0001/issue.toml";
    let text = publication.read(toml) + "\nleave_out = [\"left\"]\n";
    let publication = publication.file(toml, text).after(&["issue", "freeze", "inside", "1"]).published();
    let all = std::fs::read_to_string(publication.path("config.toml")).unwrap();
    let (before, rest) = all.split_once("[series.inside]").unwrap();
    let after = &rest[rest.find("\n[list.members]").unwrap()..];
    let publication = publication.config(&format!("{before}{after}"));
    let told = publication.run(&["publish"]).ok();
    told.says("2 posts are for members only, and not on the web")
        .says("these are the issues of a series `inside`, which config.toml does not have")
        .says("what they hold for members alone stays off the web");
    for word in ["quoins", "wedges", "frisket"] {
        assert_eq!(naming(&publication, word), [""; 0], "{word}");
    }
    assert!(publication.has("public/posts/shown/index.html"), "it says so itself");
    publication.run(&["build"]).ok();
    assert_eq!(naming(&publication, "wedges"), [""; 0]);
    // What cannot be read may say so.
    let broken = publication.copy().file("issues/inside/0001/frozen.json", "<<<<<<< HEAD\n");
    for verb in ["publish", "build"] {
        broken
            .run(&[verb])
            .leaves_with(1)
            .says("inside/0001/frozen.json")
            .says("nothing is published until it can be read");
    }
    assert_eq!(naming(&broken, "wedges"), [""; 0]);
    broken.run(&["status"]).ok();
    // It is everybody's once a public series takes it.
    let publication = publication.reconfigure("\nexclude_tags = [\"inside\"]", "").published();
    assert!(publication.has("public/posts/quoins/index.html"));
}

#[test]
fn nothing_that_is_published_names_the_pictures_of_members_mails() {
    let publication = with_members("").file("posts/minutes.pdf", "%PDF-1.4 of a meeting").edit(
        "posts/2026-07-04-quoins.md",
        "The last one.",
        "The last one, with [minutes](minutes.pdf).",
    );
    let publication = publication.published();
    let names = publication.files("public/assets");
    assert_eq!(names.len(), 2, "a picture and a file, which the mail leads to: {names:?}");
    for name in &names {
        let digits = &name[..16];
        assert_eq!(naming(&publication, digits), [format!("assets/{name}")]);
    }
    assert_eq!(
        naming(&publication, "minutes"),
        [names.iter().find(|name| name.ends_with("minutes.pdf")).unwrap()].map(|name| format!("assets/{name}"))
    );
    // What nothing shows any more is taken away all the same, and what an earlier version listed by name.
    let listed = publication.read("public/.masthead-files");
    let by_name = format!("{listed}assets/{}\nassets/{}\n", names[0], names[1]);
    let publication = publication.file("public/.masthead-files", by_name).published();
    assert_eq!(publication.read("public/.masthead-files"), listed);
    let publication = publication.after(&["issue", "withdraw", "inside", "1", "-m", "a mistake"]).published();
    assert_eq!(publication.files("public/assets"), [""; 0]);
}

/// A series for members in English, a Persian one with these keys, and minutes in both languages.
fn with_minutes(keys: &str) -> Publication {
    let minutes = "---\ntitle: Minutes\ntags: [inside]\n---\nOf the meeting.\n";
    with_members("")
        .series("khabarname", &format!("window = \"monthly\"\nsince = 2026-07-01\nlanguage = \"fa\"\n{keys}"))
        .post("2026-07-12-minutes.md", minutes)
        .post("2026-07-12-minutes.fa.md", minutes)
}

#[test]
fn a_translation_of_what_is_for_members_only_is_told_where_it_is_on_the_web() {
    let publication = with_minutes("");
    let told = "posts/2026-07-12-minutes.fa.md: this is for everybody on the web; `posts/2026-07-12-minutes.md`, which it \
                translates, is for members only";
    publication.run(&["check"]).ok().says(told);
    publication.run(&["publish", "--strict"]).leaves_with(3).says(told).says("`public: true` in its front matter");
    assert!(!publication.has("public"));
    let next = publication.post("2026-09-03-next.fa.md", "---\ntitle: Next\ntags: [inside]\n---\nOf the next one.\n");
    let told = next.run(&["publish"]).ok();
    told.says("is for members only; it is the same with `posts/2026-09-03-next.fa.md`")
        .says("a series in `fa` with `public = false` that takes it, and none that is public");
    let alone = next.without("posts/2026-07-12-minutes.fa.md");
    alone.run(&["check"]).ok().says(
        "posts/2026-09-03-next.fa.md: this is for everybody on the web; the series `inside` keeps such posts in `en` for members \
         only",
    );
    // Whoever means it says so, for a series or for a post; and what is for members in both is on the web in none.
    for keys in ["public = true", "tags = [\"inside\"]"] {
        with_minutes(keys).run(&["check"]).ok().says_not("for everybody on the web");
    }
    let apart = with_minutes("").edit("posts/2026-07-12-minutes.fa.md", "tags: [inside]", "public: true");
    apart.run(&["check"]).ok().says_not("for everybody on the web");
    let both = with_minutes("exclude_tags = [\"inside\"]").series(
        "daruni",
        "window = \"monthly\"\nsince = 2026-07-01\nlanguage = \"fa\"\npublic = false\ntags = [\"inside\"]",
    );
    both.run(&["publish"]).ok().says_not("for everybody on the web").says("3 posts are for members only");
    with_members("").run(&["check"]).ok().says_not("for everybody on the web");
}
