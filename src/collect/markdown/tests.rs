use std::path::Path;

use crate::collect::tests::{config, folder, now};
use crate::collect::{Collected, collect};
use crate::error::ErrorKind;

/// Collects a folder that holds these files.
pub(super) fn read(files: &[(&str, &str)]) -> (Collected, Vec<String>) {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), files);
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    (collected.value, collected.warnings.iter().map(ToString::to_string).collect())
}

fn write(root: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = root.join("posts").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn a_file_becomes_a_post() {
    let (collected, warnings) = read(&[
        (
            "2026-07-31-first.md",
            "---\ntitle: First\ntags: [a]\nauthor: The editors\ncategory: News\n---\n# First\n\nSee [two](two.md#x), [it](/x) & `a<b`.\n",
        ),
        ("two.md", "<span id=\"x\">Text</span>.\n"),
    ]);
    assert_eq!(warnings, Vec::<String>::new());
    let post = &collected.posts[0];
    assert_eq!(post.id.0, "tag:compositor.example,2026-07-31:posts/en/first");
    assert_eq!(post.address, "https://compositor.example/posts/first/");
    assert_eq!(post.published.unwrap().to_rfc3339(), "2026-07-30T22:00:00+00:00");
    assert_eq!(post.section.as_deref(), Some("News"));
    assert_eq!(
        post.body.as_str(),
        "<p>See <a href=\"https://compositor.example/posts/two/#two--x\">two</a>, <a href=\"https://compositor.example/x\">it</a> &amp; <code>a&lt;b</code>.</p>\n"
    );
    assert_eq!((collected.posts[1].title.as_str(), collected.posts[1].first_seen), ("Two", now()));
    assert_eq!(collected.sightings[1].id, "tag:compositor.example,2026-08-01:posts/en/two");
}

#[test]
fn what_is_for_some_readers_alone_is_left_out_and_told() {
    for (file, around, mark) in [
        ("a.md", ["{{< private >}}", "{{< /private >}}"], "{{< private >}}"),
        ("a.md", ["{% members_only %}", "{% endmembers_only %}"], "{% members_only %}"),
        ("a.md", ["{% content password=\"x\" %}", "{% endcontent %}"], "{% content %}"),
        ("a.mdx", ["<MembersOnly>", "</MembersOnly>"], "<MembersOnly>"),
        ("a.md", ["<Paywall>\n\n<Paywall>b</Paywall>\n\n", "\n\n</Paywall>"], "<Paywall>"),
        ("a.mdx", ["<Premium.Content level=\"1\">", "</Premium.Content>"], "<Premium.Content>"),
        ("a.md", ["\n\n:::private\n", "\n:::\n\n"], ":::private"),
        ("a.html", ["{% private %}", "{% endprivate %}"], "{% private %}"),
    ] {
        let text = format!("---\ndate: 2026-07-01\n---\nOne {}Secret{} two\n", around[0], around[1]);
        let (collected, warnings) = read(&[(file, &text)]);
        let body = collected.posts[0].body.as_str();
        assert!(body.contains("One") && body.contains("two") && !body.contains("Secret"), "{mark}: {body}");
        let told = format!("`{mark}` is for some readers alone; it is left out, and what is in it");
        assert!(warnings.len() == 1 && warnings[0].ends_with(&told), "{warnings:?}");
    }
    for file in ["a.md", "a.html", "a.mdx"] {
        let wall = if file == "a.mdx" { "{/* members-only */}" } else { "<!--members-only-->" };
        let (collected, warnings) = read(&[(file, &format!("---\ndate: 2026-07-01\n---\nOne\n\n{wall}\n\nSecret\n"))]);
        assert!(!collected.posts[0].body.as_str().contains("Secret"), "{file}");
        assert!(
            warnings.len() == 1 && warnings[0].contains("what stands behind `<!--members-only-->`"),
            "{warnings:?}"
        );
    }
    let (collected, _) =
        read(&[("a.mdx", "<TeamMember>Ann</TeamMember> <MembersOnly/> <MembersOnly>Secret\n\nmore\n")]);
    assert!(collected.posts[0].body.as_str().contains("Ann"));
}

#[test]
fn permalinks_that_are_templates_are_carried_out() {
    let post = |title: &str, path: &str| format!("---\ntitle: {title}\npermalink: {path}\n---\nText.\n");
    let files = [
        ("2026-07-01-one.md", post("First", "\"/blog/{{ page.fileSlug }}/\"")),
        ("2026-07-02-two.md", post("Second part", "\"{{ title | slugify }}/index.html\"")),
        ("2026-07-03-three.md", post("Third", "false")),
        ("2026-07-04-four.md", post("Fourth", "\"/{{ collection.name }}/x/\"")),
        ("2026-07-05-five.md", post("Fifth", "\"/a/{{ page.date | date: '%Y' }}{{ page.filePathStem }}-b.html\"")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    let (collected, warnings) = read(&files);
    let slugs: Vec<&str> = collected.posts.iter().map(|post| &*post.slug).collect();
    assert_eq!(slugs, ["one", "second-part", "three", "four", "five-b"]);
    assert_eq!(
        warnings,
        [
            "posts/2026-07-04-four.md:3:12: where `/{{ collection.name }}/x/` leads is not known here; the post has the name of its file\n  `slug` in the front matter names a post",
        ]
    );
}

#[test]
fn an_undated_post_keeps_its_first_day() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("a.md", "Text.\n")]);
    let config = config(root.path(), vec![("posts", folder("posts"))]);
    let first = collect(&config, now()).unwrap().value;
    let path = crate::collect::sightings_path(&config, "posts");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, serde_json::to_string(&first.sightings[0]).unwrap() + "\n").unwrap();
    let later = collect(&config, now() + chrono::Days::new(40)).unwrap().value;
    assert_eq!((&later.posts, later.sightings.len()), (&first.posts, 0));
}

#[test]
fn two_posts_with_one_id() {
    let (collected, warnings) = read(&[("a.md", "---\nid: same\n---\nA\n"), ("b.md", "---\nid: same\n---\nB\n")]);
    assert_eq!(collected.posts.len(), 1);
    assert_eq!(warnings, ["posts/b.md:2:5: id `same` is the id of `posts/a.md` already; this post is left out"]);
    assert_eq!(collected.left_out[0].reason, "`posts/a.md` has the same id");
}

#[test]
fn files_are_posts_or_have_a_reason() {
    let (collected, _) = read(&[
        ("_index.md", "---\ntitle: All\n---\n"),
        ("a.rst", "A\n=\n"),
        ("stub.md", "---\nslug: x\nuntranslated: 1\n---\n"),
        ("named.md", "---\ntitle: X\nuntranslated: 1\n---\n<!-- The text of it. -->\n"),
        ("empty.md", ""),
        (".hidden.md", "x"),
        ("note.txt", "x"),
        ("post.html", "<h1>T</h1><p>x</p>"),
    ]);
    let reasons: Vec<String> =
        collected.left_out.iter().map(|l| format!("{}: {}", l.file.display(), l.reason)).collect();
    assert_eq!(
        reasons,
        [
            "posts/_index.md: it describes a section of the site and is no post",
            "posts/a.rst: its markup is not read; Markdown and HTML are",
            "posts/empty.md: it is empty",
            "posts/named.md: it waits for its translation",
            "posts/stub.md: it waits for its translation",
        ]
    );
    assert_eq!((collected.posts.len(), collected.files_found), (1, 6));
    assert_eq!((collected.posts[0].title.as_str(), collected.posts[0].body.as_str()), ("T", "<p>x</p>"));
}

#[test]
fn a_later_day_of_release_holds_a_post_back() {
    for (front, day) in [
        ("date: 2026-07-16 12:00\npublishDate: 2026-09-20 12:00", "2026-09-20"),
        ("date: 2026-07-16 12:00\npublishDate: 2026-07-01 12:00", "2026-07-16"),
        ("publishDate: 2026-07-20 12:00", "2026-07-20"),
        ("date: 2026-07-16 12:00\nembargo: 2026-09-20 12:00", "2026-09-20"),
        ("date: 2026-07-16 12:00\nembargo_until: 2026-07-01", "2026-07-16"),
        ("date: 2026-07-16 12:00\nembargo: false", "2026-07-16"),
    ] {
        let (collected, warnings) = read(&[("a.md", &format!("---\ntitle: A\n{front}\n---\nText.\n"))]);
        assert_eq!(
            collected.posts[0].published.map(|at| at.date_naive().to_string()).as_deref(),
            Some(day),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_post_is_left_out_from_its_day_of_expiry_on() {
    let front = |field: &str| format!("---\ntitle: Sale\ndate: 2026-07-01\n{field}\n---\nText, see [c](c.md).\n");
    let files = [
        ("a.md", front("expiryDate: 2026-07-20 12:00")),
        ("b.md", front("expires: 2026-08-20")),
        ("c.md", front("expires: 2026-08-01T11:59:59Z")),
        ("d.md", front("expires: never")),
    ];
    let (collected, warnings) = read(&files.each_ref().map(|(name, text)| (*name, &**text)));
    let left_out: Vec<String> =
        collected.left_out.iter().map(|l| format!("{}: {}", l.file.display(), l.reason)).collect();
    assert_eq!(left_out, ["posts/a.md: `Sale` expired on 2026-07-20", "posts/c.md: `Sale` expired on 2026-08-01"]);
    assert_eq!((collected.posts.len(), collected.files_found), (2, 4));
    assert_eq!(collected.sightings.len(), 4, "their names stay theirs");
    assert!(warnings.iter().any(|told| told.starts_with("posts/d.md:4:10: `never` is not a date")), "{warnings:?}");
    assert!(warnings.iter().any(|told| told.contains("c.md")), "{warnings:?}");
}

#[test]
fn files_that_no_post_has_are_counted() {
    let root = tempfile::tempdir().unwrap();
    let text = "[a](../c.docx) [b](d.docx) ![p](../p.png)\n";
    write(root.path(), &[("in/a.md", text), ("c.docx", "c"), ("d.docx", "d"), ("q.css", ""), ("r.txt", "")]);
    for name in ["p.png", "s.png"] {
        image::RgbImage::new(3, if name == "p.png" { 2 } else { 3 })
            .save(root.path().join("posts").join(name))
            .unwrap();
    }
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap().value;
    let counted: Vec<(usize, &str)> = collected.counted.iter().map(|one| (one.count, one.kind.as_str())).collect();
    assert_eq!((counted, collected.files_found), (vec![(1, "picture"), (2, "file")], 1), "{:?}", collected.left_out);
    assert_eq!((&collected.counted[0].file, collected.left_out.len()), (&"posts".into(), 0));
}

#[test]
fn a_title_that_is_a_text_is_told_where_it_is_written() {
    let text = "word ".repeat(300);
    let front = format!("---\ndate: 2026-07-01\ntitle: {text}\n---\nText.\n");
    let heading = format!("---\ndate: 2026-07-01\n---\n\n# {text}\n\nText.\n");
    let (_, warnings) = read(&[("a.md", &front), ("b.md", &heading)]);
    let places: Vec<&str> = warnings.iter().map(|told| told.split(": the title").next().unwrap()).collect();
    assert_eq!(places, ["posts/a.md:3:8", "posts/b.md:5:1"]);
}

#[test]
fn pictures_are_found_sized_or_missed() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("a.md", "![A](a.png \"Caption\")\n\n![B](b.png)\n\n![C](c.png)\n"), ("b.png", "text")]);
    image::RgbImage::new(3, 2).save(root.path().join("posts/a.png")).unwrap();
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    let post = &collected.value.posts[0];
    let name = &post.assets[0].name;
    assert_eq!(
        post.body.as_str(),
        format!(
            "<figure><img src=\"assets/{name}\" alt=\"A\" width=\"3\" height=\"2\"><figcaption>Caption</figcaption></figure>\n\
             <p>B</p>\n<p>C</p>\n"
        )
    );
    let warnings: Vec<String> = collected.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "posts/a.md:3:6: `b.png` is no JPEG, PNG, GIF, WebP or SVG picture; its alternative text stands for it",
            "posts/a.md:5:6: picture `c.png` is not at hand",
        ]
    );
}

#[test]
fn a_picture_by_other_capitals_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("a.md", "![A](FOTO2.JPG)\n\n![B](/in/B.png)\n"), ("in/none.txt", "")]);
    for file in ["Foto2.jpg", "in/b.png"] {
        image::RgbImage::new(3, 2).save(root.path().join("posts").join(file)).unwrap();
    }
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    let hints: Vec<&String> = collected.warnings.iter().flat_map(|warning| &warning.hints).collect();
    assert_eq!(hints, ["did you mean `Foto2.jpg`?", "did you mean `/in/b.png`?"]);
}

#[test]
fn slugs_are_given_once_and_the_oldest_keeps_its_own() {
    let (collected, warnings) = read(&[("2026-07-08-w.md", "B"), ("2026-07-01-w.md", "A"), ("w.fa.md", "C")]);
    let slugs: Vec<String> = collected.posts.iter().map(|p| format!("{} {}", p.language, p.slug)).collect();
    assert_eq!(slugs, ["en w", "en w-2026-07-08", "fa w"]);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(collected.posts[2].address, "https://compositor.example/fa/posts/w/");
}

#[test]
fn a_missing_folder_is_an_error_with_a_place() {
    let error = collect(&config(Path::new("/nowhere"), vec![("posts", folder("posts"))]), now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.to_string(), "config.toml:5:1: there is no folder `posts`");
}

#[cfg(unix)]
#[test]
fn a_post_that_links_show_twice_is_read_once() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("2026/a.md", "Text.\n"), ("b.md", "Text.\n")]);
    let posts = root.path().join("posts");
    std::os::unix::fs::symlink(posts.join("2026"), posts.join("1-again")).unwrap();
    std::os::unix::fs::symlink(posts.join("b.md"), posts.join("a.md")).unwrap();
    std::os::unix::fs::symlink(&posts, posts.join("2026/up")).unwrap();
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap().value;
    let files: Vec<String> = collected.posts.iter().map(|post| post.file.display().to_string()).collect();
    assert_eq!(files, ["posts/2026/a.md", "posts/b.md"]);
    let reasons: Vec<&str> = collected.left_out.iter().map(|out| out.reason.as_str()).collect();
    assert_eq!(reasons, ["it is `posts/2026/a.md`, by a symbolic link", "it is `posts/b.md`, by a symbolic link"]);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_publication_are_told_and_show_texts_alone() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(root.path(), &[("a.md", "Text.\n")]);
    std::fs::write(root.path().join("within.md"), "Within.\n").unwrap();
    std::fs::write(elsewhere.path().join("passwords"), "root\n").unwrap();
    std::fs::write(elsewhere.path().join("b.md"), "Elsewhere.\n").unwrap();
    let posts = root.path().join("posts");
    for (target, link) in [
        (elsewhere.path().join("passwords"), "link.md"),
        (elsewhere.path().join("b.md"), "other.md"),
        (root.path().join("within.md"), "within.md"),
        (root.path().to_path_buf(), "around"),
        ("/".into(), "everything"),
    ] {
        std::os::unix::fs::symlink(target, posts.join(link)).unwrap();
    }
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    let files: Vec<String> = collected.value.posts.iter().map(|post| post.file.display().to_string()).collect();
    assert_eq!(files, ["posts/a.md", "posts/other.md", "posts/within.md"]);
    let reasons: Vec<&str> = collected.value.left_out.iter().map(|one| one.reason.as_str()).collect();
    let around = "it is a symbolic link to a folder that holds the publication";
    assert_eq!(reasons, [around, around, "it is a symbolic link to what is no text by its name"]);
    let told: Vec<String> = collected.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("posts/other.md: a symbolic link leads out of the publication"), "{told:?}");
}

#[test]
fn a_site_of_jekylls_is_read_as_a_site() {
    let (collected, warnings) = read(&[
        (
            "_posts/2026-07-02-first.md",
            "---\ntitle: First\n---\n{% include note.html text=\"*Hot*\" %}\n\n[next]({% post_url 2026-07-03-second %})\n\n\
             {% if site.comments %}Kept.{% endif %}\n\n{% include nested.md %}\n",
        ),
        ("_posts/2026-07-03-second.md", "---\ntitle: Second\n---\n{% include none.html %}\n"),
        ("_includes/note.html", "<div class=\"note\">{{ include.text | markdownify }}</div>\n"),
        ("_includes/nested.md", "Nested.\n{{ site.data }}\n"),
        ("_layouts/post.html", "<html>{{ content }}</html>\n"),
        ("_site/2026/07/02/first.html", "<p>Made</p>\n"),
        ("_drafts/idea.md", "---\ntitle: Idea\n---\nNot yet.\n"),
    ]);
    let titles: Vec<(&str, bool)> = collected.posts.iter().map(|post| (post.title.as_str(), post.draft)).collect();
    assert_eq!(titles, [("Idea", true), ("First", false), ("Second", false)]);
    assert_eq!(
        collected.posts[1].body.as_str(),
        "<div class=\"note\"><p><em>Hot</em></p>\n</div>\n\
         <p><a href=\"https://compositor.example/posts/second/\">next</a></p>\n<p>Kept.</p>\n<p>Nested.</p>\n"
    );
    assert_eq!(collected.left_out.len(), 4, "{:?}", collected.left_out);
    assert_eq!(collected.files_found, 7);
    assert_eq!(
        warnings,
        [
            "posts/_posts/2026-07-02-first.md:8:1: whether `site.comments` holds, in `{% if … %}`, is not known here",
            "posts/_posts/2026-07-02-first.md:10:1: _includes/nested.md:2:1: `{{ site.data }}` is not known here",
            "posts/_posts/2026-07-03-second.md:4:1: `{% include none.html …` is not expanded",
        ]
    );
}

#[test]
fn a_page_of_html_is_its_article() {
    let (collected, warnings) = read(&[(
        "a.html",
        "<html><head><title>A | Site</title></head>\n<body><nav>Home</nav>\n<article><h1>A</h1><p>Text of it.</p>\n\
         <img src=none.png></article><footer>Foot</footer></body></html>",
    )]);
    assert_eq!((collected.posts[0].title.as_str(), collected.posts[0].body.as_str().contains("Foot")), ("A", false));
    assert!(collected.posts[0].body.as_str().starts_with("<p>Text of it.</p>"), "{}", collected.posts[0].body.as_str());
    assert_eq!(
        warnings[0],
        "posts/a.html:3:10: what stands around its `<article>` belongs to the page; it is left out"
    );
    assert!(warnings[1].starts_with("posts/a.html:4:"), "{warnings:?}");
}

#[test]
fn names_are_found_whether_marks_stand_apart_from_their_letters_or_not() {
    let root = tempfile::tempdir().unwrap();
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>";
    write(
        root.path(),
        &[
            (
                "a.md",
                "---\ntitle: A\n---\n![n](Gjirokast\u{eb}r.svg) ![m](Kore\u{327}e\u{308}.svg) [v](vjersh\u{eb}.md)\n",
            ),
            ("vjershe\u{308}.md", "---\ntitle: V\n---\nText.\n"),
            ("Gjirokaste\u{308}r.svg", picture),
            ("Kor\u{229}\u{eb}.svg", &picture.replace('4', "5")),
        ],
    );
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    assert_eq!(collected.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let post = &collected.value.posts[0];
    assert_eq!(post.assets.len(), 2, "{}", post.body.as_str());
    assert!(
        post.body.as_str().contains(&format!("href=\"{}\"", collected.value.posts[1].address)),
        "{}",
        post.body.as_str()
    );
}

#[test]
fn warnings_stand_where_their_cause_stands() {
    let (_, warnings) = read(&[
        (
            "a.md",
            "A `pic.png` and an a b.png.\n\n![x](pic.png)\n\n`{{% ref \"b\" %}}` [y]({{% ref \"b\" %}})\n\n\
             ![alt](<a b.png>)\n\n`<svg>` :::\n\n:::note\nAn <svg><text>a</text></svg> and <svg></svg>, [z](no.md)\n:::\n",
        ),
        ("n.html", "<p>src=c.png</p><p><img alt=\"c.png\" src=\"c.png\"></p><canvas></canvas>"),
    ]);
    assert_eq!(
        warnings,
        [
            "posts/a.md:12:4: `<svg>` is left out, with what is in it",
            "posts/a.md:3:6: picture `pic.png` is not at hand",
            "posts/a.md:5:23: `b` is no post of this source",
            "posts/a.md:7:9: picture `a b.png` is not at hand",
            "posts/a.md:12:51: `no.md` is no post of this source",
            "posts/n.html:1:53: `<canvas>` is left out, with what is in it",
            "posts/n.html:1:42: picture `c.png` is not at hand",
        ]
    );
}

#[test]
fn a_link_by_a_files_name_that_leads_to_no_post_is_told() {
    let (collected, warnings) = read(&[
        (
            "a.md",
            "[x](nothere.md) [y](there.md) [z](https://e.example/b.md) [w](sub/none.markdown#x)\n\n[v](/other.html)\n",
        ),
        ("there.md", "Text.\n"),
    ]);
    assert_eq!(
        warnings,
        [
            "posts/a.md:1:5: `nothere.md` is no post of this source\n  did you mean `there.md`?",
            "posts/a.md:1:63: `sub/none.markdown` is no post of this source",
        ]
    );
    assert_eq!(
        collected.posts[0].body.as_str(),
        "<p>x <a href=\"https://compositor.example/posts/there/\">y</a> <a href=\"https://e.example/b.md\">z</a> w</p>\n\
         <p><a href=\"https://compositor.example/other.html\">v</a></p>\n"
    );
}

#[test]
fn a_dated_path_means_the_slug_as_well_as_the_name_of_the_file() {
    let (collected, warnings) = read(&[
        ("2026-03-02-speed.md", "---\nslug: Speed_x\n---\nText.\n"),
        (
            "b.md",
            "[a](/2026/03/02/speed-x.html) [b](/2026/03/02/speed/) [c](/2026/03/02/Speed_x/) [d](/2026/03/02/none/)\n",
        ),
    ]);
    assert_eq!(warnings, Vec::<String>::new());
    let body = collected.posts[1].body.as_str();
    assert_eq!(body.matches("https://compositor.example/posts/speed-x/").count(), 3, "{body}");
}

#[test]
fn titles_keep_every_letter() {
    let (collected, warnings) = read(&[
        ("a.md", "---\ntitle: \"`Vec<T>`, Vec<T> and __init__\"\n---\nText.\n"),
        ("b.md", "# Vec<T> in C#\n\nSee Vec<T>.\n"),
        ("c.md", "# The __init__ method\n\nText.\n"),
        ("d.md", "---\ntitle: !Important\n---\nText.\n"),
    ]);
    assert_eq!(warnings, Vec::<String>::new());
    let titles: Vec<&str> = collected.posts.iter().map(|post| post.title.as_str()).collect();
    assert_eq!(titles, ["Vec<T>, Vec<T> and __init__", "Vec<T> in C#", "The __init__ method", "!Important"]);
    let bodies: Vec<&str> = collected.posts[1..3].iter().map(|post| post.body.as_str()).collect();
    assert_eq!(
        bodies,
        ["<p>See Vec&lt;T&gt;.</p>\n", "<p>Text.</p>\n"],
        "a heading that is the title is not said twice"
    );
}

#[test]
fn foreign_bytes_are_told_where_they_stand() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[]);
    std::fs::create_dir_all(root.path().join("posts")).unwrap();
    let mut bytes = "---\ntitle: Ink\n---\n\u{e9}\u{e8}\u{ea}\u{eb}\u{e0}\u{e2} \n".as_bytes().to_vec();
    bytes.extend(b"So \x93it is\x94, \x93he\n");
    std::fs::write(root.path().join("posts/a.md"), bytes).unwrap();
    let collected = collect(&config(root.path(), vec![("posts", folder("posts"))]), now()).unwrap();
    let warnings: Vec<String> = collected.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "posts/a.md:5:4: the byte 93 is not UTF-8; it was read as `\u{201c}`, as windows-1252 has it (and once more)",
            "posts/a.md:5:10: the byte 94 is not UTF-8; it was read as `\u{201d}`, as windows-1252 has it",
        ]
    );
}

#[test]
fn a_picture_in_svg_is_cleaned_and_told() {
    let dirty = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"a()\"><script>b()</script><g/></svg>";
    let clean = "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>";
    let (collected, warnings) = read(&[
        ("2026-07-01-a.md", "# A\n\n![x](dirty.svg) ![y](clean.svg) ![z](broken.svg)\n"),
        ("dirty.svg", dirty),
        ("clean.svg", clean),
        ("broken.svg", "<svg><g></svg>"),
    ]);
    let post = &collected.posts[0];
    // Both are the same picture.
    assert_eq!(post.assets.len(), 1);
    assert_eq!(post.assets[0].sha256, crate::model::sha256_hex(clean.as_bytes()));
    assert_eq!(
        warnings,
        [
            "posts/2026-07-01-a.md:3:6: `dirty.svg` is published without what could do harm in it: a script",
            "posts/2026-07-01-a.md:3:38: `broken.svg` is SVG that is not well-formed (ill-formed document: expected `</g>`, but \
             `</svg>` was found); its alternative text stands for it",
        ]
    );
}

#[test]
fn what_is_written_out_or_runs_is_told_with_its_place() {
    let text = "# A\n\nSee [b](javascript:c()) and ![d](data:image/png;base64,A*).\n";
    let (collected, warnings) = read(&[("2026-07-01-a.md", text)]);
    assert_eq!(collected.posts[0].body.as_str(), "<p>See b and d.</p>\n");
    assert_eq!(
        warnings,
        [
            "posts/2026-07-01-a.md:3:9: a link that runs a script is left out, but for the words in it",
            "posts/2026-07-01-a.md:3:34: a picture that is written out in its address (`data:`) is no base64 (invalid symbol 42, \
             offset 1); its alternative text stands for it",
        ]
    );
}

#[test]
fn links_lead_to_the_headings_of_other_posts() {
    let (collected, warnings) = read(&[
        (
            "a.md",
            "# A\n\n[x](b.md#go-v151) [y](/posts/b/#fixed-1) [z](b.md#none) [w](b.md#top) [v](b.md#own)\n\n[u](#away)\n\n[t](#off)\n",
        ),
        ("b.md", "# B\n\n## Go v1.5.1\n\n## Fixed\n\n## Fixed\n\n## Mine {#own}\n"),
    ]);
    assert_eq!(
        warnings,
        [
            "posts/a.md:5:5: `#away` and one more link lead to no heading of this text; their words stay",
            "posts/a.md: `#none` of `posts/b.md`, which is linked to, is no heading there; the link leads to its page",
        ]
    );
    let b = "<a href=\"https://compositor.example/posts/b/";
    assert_eq!(
        collected.posts[0].body.as_str(),
        format!(
            "<p>{b}#b--go-v1-5-1\">x</a> {b}#b--fixed-1\">y</a> {b}\">z</a> {b}\">w</a> {b}#b--own\">v</a></p>\n<p>u</p>\n<p>t</p>\n"
        )
    );
}

#[test]
fn posts_by_other_endings_are_read_or_named() {
    let post = "---\ntitle: A\n---\nText.\n";
    let names = ["a.mdown", "b.mkdn", "c.njk", "d.txt", "e.Rmd", "f.md~", "g.css", "h.yml", "i.pdf"];
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, post)).chain([("j.txt", "words")]).collect();
    let (collected, _) = read(&files);
    let posts: Vec<String> = collected.posts.iter().map(|post| post.file.display().to_string()).collect();
    assert_eq!(posts, ["posts/a.mdown", "posts/b.mkdn"]);
    let left_out: Vec<String> = collected.left_out.iter().map(|one| one.file.display().to_string()).collect();
    assert_eq!(left_out, ["posts/c.njk", "posts/d.txt", "posts/e.Rmd", "posts/f.md~"]);
    assert!(collected.left_out[0].reason.starts_with("it begins as a post does"), "{:?}", collected.left_out);
}

#[test]
fn relative_links_to_no_post_are_told() {
    let text =
        "# A\n\n[b](b/) [c](../c/) [d](d.html) [e](../../tags/x/) [f](/f/) [g](../) [h](https://e.example/) [i](?j)\n";
    let (collected, warnings) = read(&[("a.md", text), ("c.md", "Text.\n")]);
    assert_eq!(collected.posts.len(), 2);
    assert_eq!(warnings, ["posts/a.md:3:5: `b/` and one more link lead to no post of this source"]);
}

#[test]
fn folders_are_languages_where_something_agrees() {
    let files = [
        ("b.md", "Text.\n"),
        ("b.fa.md", "Text.\n"),
        ("it/c.md", "Text.\n"),
        ("no/d.md", "Text.\n"),
        ("e.md", "---\nlang: farsi\n---\nText.\n"),
        ("f.md", "---\nlang: [en, fa]\n---\nText.\n"),
        ("g.md", "---\nlang: al\n---\nText.\n"),
        ("h.md", "---\nlang: xx\n---\nText.\n"),
    ];
    let (collected, warnings) = read(&files);
    let posts = collected.posts.iter().map(|post| format!("{} {}", post.slug, post.language));
    assert_eq!(posts.collect::<Vec<_>>(), ["b fa", "b en", "e en", "f en", "g al", "h xx", "c en", "d en"]);
    assert_eq!(
        warnings,
        [
            "posts/e.md:2:7: `farsi` is no language; a post has one, as `en`, `fa` or `pt-BR`",
            "posts/f.md:2:7: a list or a table is no language; a post has one, as `en`, `fa` or `pt-BR`",
            "posts/g.md:2:7: `al` begins with the code of a country, and counts as another language than `sq`\n  write `sq`",
            "posts/h.md:2:7: `xx` begins with two letters that are no language, and counts as a language of its own\n  a tag is like `en`, `fa` or `pt-BR`",
        ]
    );
}
