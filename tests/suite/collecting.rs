//! What editors and their programs write, from end to end: slips in front matter, days of another calendar, archives of services.

use crate::publication::Publication;

#[test]
fn no_slip_in_a_fence_publishes_a_draft() {
    let keys = "title: Secret\ndraft: true\n";
    let publication = Publication::monthly()
        .post("2026-07-05-turned.md", &format!("\u{200f}---\n{keys}---\nNot for the public.\n"))
        .post(
            "2026-07-06-dashes.md",
            &format!("\u{2014}\u{2014}\u{2014}\n{keys}\u{2014}\u{2014}\u{2014}\nNot for the public.\n"),
        )
        .post("2026-07-07-open.md", &format!("---\n{keys}\nNot for the public.\n"))
        .post("2026-07-08-behind.md", &format!("# Secret\n\n---\n{keys}---\nNot for the public.\n"))
        .post("2026-07-09-rule.md", "---\n\nA text behind a rule.\n")
        .post("2026-07-10-club.md", "***\nPlace: the library\nStatus: open\n\nThe club meets.\n");
    let run = publication.publish().ok();
    let run = run.warns("no fence of front matter").warns("held back by `draft: true`");
    assert_eq!(run.json()["issues"][0]["posts"], 2);
    let public = publication.tree("public");
    let told: Vec<&String> = public
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("Not for the public"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(told, Vec::<&String>::new());
}

#[test]
fn days_of_the_solar_calendar_are_read_everywhere() {
    let publication = Publication::new()
        .series("khabar", "language = \"fa\"\ncalendar = \"persian\"\nwindow = \"monthly\"\nsince = 1405-04-01")
        .post("۱۴۰۵-۰۴-۱۲-نامه.fa.md", "# نامه\n\nمتن\n")
        .file("old.pdf", b"%PDF-1.4\n");
    publication.publish().ok().freezes(&["khabar/1"]);
    let post = publication.run(&["collect", "--json"]).ok().json()["posts"][0].clone();
    assert_eq!((post["slug"].as_str(), post["date"].as_str()), (Some("نامه"), Some("2026-07-02T22:00:00Z")));
    let import =
        |date: &str| publication.run(&["issue", "import", "khabar", "old.pdf", "--number", "۹", "--date", date]);
    import("1447-01-01").leaves_with(2).says("1447");
    import("05-04-01").leaves_with(2).says("does not begin with a year of four digits").says("`1405-04-10`");
    publication.run(&["issue", "new", "khabar", "--since", "5/4/1"]).leaves_with(2).says("four digits");
    publication.copy().at("05-04-01T10:00:00Z").run(&["plan", "khabar"]).leaves_with(2).says("four digits");
    import("۱۴۰۵/۰۳/۰۱").ok().says("2026-05-22");
    publication.copy().at("1405-05-15T10:00:00+03:30").run(&["plan", "khabar"]).ok();
    let wrong = Publication::new().series("khabar", "window = \"monthly\"\nsince = 1405-04-31");
    wrong.run(&["check"]).leaves_with(2).says("stands in quotes");
    let wrong = Publication::new().series("khabar", "window = \"monthly\"\nsince = 783-12-10");
    wrong.run(&["check"]).leaves_with(2);
    for since in ["05-04-01", "\"05-04-01\"", "\"۵/۴/۱\""] {
        let wrong = Publication::new().series("khabar", &format!("window = \"monthly\"\nsince = {since}"));
        wrong.run(&["check"]).leaves_with(2).says("does not begin with a year of four digits").says("`2026-07-01`");
    }
}

#[test]
fn archives_of_services_are_brought_over_without_what_is_not_for_everybody() {
    let table = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n\
        140123456.spring-meeting,2026-07-05T10:00:00.000Z,true,,newsletter,everyone,Spring meeting,What we said,\n\
        140123457.secret-plan,,false,,newsletter,everyone,Secret plan,,\n\
        140123458.for-payers,2026-07-08T10:00:00.000Z,true,,newsletter,only_paid,For payers,,\n";
    let mut publication = Publication::monthly().file("export/posts.csv", table);
    for name in ["140123456.spring-meeting", "140123457.secret-plan", "140123458.for-payers"] {
        publication = publication.file(
            &format!("export/posts/{name}.html"),
            "<p>We met in spring.</p><form>Vote</form><p><a href=\"%%share_url%%\">Share</a></p>",
        );
    }
    let ghost = r#"{"db":[{"meta":{"version":"5.70.0"},"data":{"posts":[
        {"id":"1","title":"Hello","slug":"hello","html":"<p>Hi</p>","status":"published","visibility":"public","published_at":"2026-07-01T00:00:00.000Z","type":"post"},
        {"id":"2","title":"Plan","slug":"plan","html":"<p>Hi</p>","status":"draft","type":"post"}]}}]}"#;
    let publication = publication.file("ghost.json", ghost);
    let feed = publication.copy().reconfigure("markdown = \"posts\"", "feed = \"export\"");
    assert_eq!(feed.run(&["collect", "--json"]).ok().json()["posts"].as_array().unwrap().len(), 1);
    for place in ["export", "export/posts", "export/posts.csv"] {
        let run = publication.run(&["source", "import", place, "--dry-run"]).ok();
        run.says("1 post would be written").says("`Secret plan` is a draft").says("audience: only_paid");
    }
    let import = publication.run(&["source", "import", "export"]).ok();
    import.says("export/posts/140123456.spring-meeting.html: `<form>`");
    publication.run(&["source", "import", "ghost.json"]).ok().says("`Plan` is held back by `status: draft`");
    assert_eq!(publication.files("posts"), ["2026/2026-07-01-hello.html", "2026/2026-07-05-spring-meeting.html"]);
    let meeting = publication.read("posts/2026/2026-07-05-spring-meeting.html");
    assert!(meeting.contains("title: \"Spring meeting\"") && meeting.contains("What we said"), "{meeting}");
    assert!(meeting.contains("<p>Share</p>") && !meeting.contains("%%"), "{meeting}");
    assert!(meeting.contains("https://compositor.example/p/spring-meeting"), "{meeting}");
    publication.run(&["source", "import", "posts"]).leaves_with(1).says("posts.csv");
    // As a source its texts would be drafts and posts alike.
    let source = Publication::monthly()
        .file("posts/posts.csv", table)
        .file("posts/posts/140123457.secret-plan.html", "<p>Plan</p>")
        .file("posts/posts/140123459.html", "<p>Plan</p>")
        .file("posts/draft_A-plan-1a2b3c4d5e6f.html", "<p>Plan</p>")
        .file("posts/draft_beer.html", "<p>Beer from the barrel</p>")
        .post("premium.md", "---\nsubject: For payers\npublish_date: 2026-07-03\nemail_type: premium\n---\nText\n")
        .post("open.md", "---\nsubject: Open\npublish_date: 2026-07-03\nemail_type: public\nstatus: sent\n---\nText\n");
    let report = source.publish().ok().warns("the table of an export of Substack").json();
    assert_eq!(report["issues"][0]["posts"], 1, "{report:#}");
    assert!(source.read("public/newsletter/1/index.html").contains("Open"));
    assert!(source.has("public/posts/draft-beer/index.html"), "it is not Medium's");
}

#[test]
fn what_a_merge_left_open_is_not_published() {
    let conflict = "<<<<<<< HEAD\nNot for the public, at noon.\n=======\nNot for the public, at one.\n>>>>>>> ann\n";
    let publication = Publication::monthly()
        .post("2026-07-05-text.md", &format!("---\ntitle: Meeting\n---\nWe meet.\n\n{conflict}"))
        .post(
            "2026-07-06-head.md",
            "---\ntitle: A\n<<<<<<< HEAD\nauthor: B\n=======\nauthor: C\n>>>>>>> x\n---\nNot for the public.\n",
        )
        .post(
            "2026-07-07-merging.md",
            &format!("---\ntitle: How to merge\n---\n```\n{}```\n", conflict.replace("Not", "All")),
        );
    let run = publication.publish().ok();
    let run = run
        .warns("posts/2026-07-05-text.md:6:1: two versions stand here that were not merged; the post is held back")
        .warns("posts/2026-07-06-head.md:3:1: two versions stand here");
    assert_eq!(run.json()["issues"][0]["posts"], 1);
    let public = publication.tree("public");
    assert!(public.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("Not for the public")));
    assert!(publication.has("public/posts/merging/index.html"));
    publication.run(&["plan", "newsletter"]).ok().says("it is held back by two versions that were not merged");
}

#[test]
fn what_is_pasted_from_word_has_no_marks_of_it() {
    let publication = Publication::monthly()
        .post(
            "2026-07-05-word.md",
            "---\ntitle: Word\n---\n<st1:place w:st=\"on\"><st1:City w:st=\"on\">Tirana</st1:City></st1:place> is here<o:p></o:p>, \
             `<o:p>` is not.\n\n<p class=MsoNormal dir=RTL>\u{645}\u{62a}\u{646}</p>\n\n\
             A <span style='display:none;mso-hide:all'>hidden</span>word<span style='mso-special-character:comment'><a href=\"#_msocom_1\">[A1]</a></span>.\n\n\
             <div style='mso-element:comment-list'><div style='mso-element:comment'><p>Not for the public</p></div></div>\n",
        );
    publication.publish().ok().warns("posts/2026-07-05-word.md");
    let page = publication.read("public/posts/word/index.html");
    assert!(page.contains("Tirana is here, <code>&lt;o:p&gt;</code> is not."), "{page}");
    assert!(page.contains("dir=\"rtl\">\u{645}\u{62a}\u{646}</p>"), "{page}");
    assert!(page.contains("A word."), "{page}");
    assert!(!page.contains("Not for the public") && !page.contains("[A1]"), "{page}");
}

#[test]
fn a_file_that_may_be_a_copy_is_told_once_and_the_known_post_stays_itself() {
    let text = "---\ntitle: Annual meeting\n---\nWe meet at noon.\n";
    let files = ["2026-07-08-meeting - Copy.md", "2026-07-08-again.md"];
    let publication = Publication::monthly().post("2026-07-08-meeting.md", text).published();
    let id = |publication: &Publication| {
        let posts = publication.run(&["collect", "--json"]).ok().json()["posts"].clone();
        posts.as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = id(&publication);
    // What comes beside a known post, however it is called: nobody knows which of the two will be changed.
    for file in files {
        let publication = publication.copy().post(file, text).at("2026-09-02T08:00:00Z");
        let told = format!("posts/{file}: this file is `posts/2026-07-08-meeting.md` once more");
        publication.run(&["publish", "--quiet"]).ok().says(&told);
        publication.run(&["publish"]).ok().says_not("once more");
        let both = id(&publication);
        assert!(both.len() == 2 && both.contains(&before[0]), "{both:?}");
        let changed = publication.edit("posts/2026-07-08-meeting.md", "at noon", "at one").published();
        assert_eq!(id(&changed), both);
        let page = changed.read("public/posts/meeting/index.html");
        assert!(page.contains("at one"), "the known post is the file that it was");
    }
    // With an id of its own it is meant.
    let meant = format!("---\nid: again\n{}", text.trim_start_matches("---\n"));
    publication.copy().post(files[0], &meant).run(&["publish"]).ok().says_not("once more");
}
