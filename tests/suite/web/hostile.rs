//! What a feed, or somebody who may write to collected/, wants a reader's program to run: none of it comes out, on the
//! site, in its feeds, in the PDF or in the mail.

use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::{Value, json};

use super::with;
use crate::publication::Publication;
use crate::server::{Server, says};
use crate::tools::output_of;

/// Each asks to run `evil()`, or names it where only a program looks.
const HTML: &str = r#"<p onclick="evil()">Shown.</p><script>evil()</script><img src="/p.svg" onerror="evil()" alt="Drawn">
<a href="javascript:evil()">b</a><a href="jav&#x09;ascript:evil()">c</a><a href=" JaVaScRiPt:evil()">d</a>
<a href="data:text/html,<script>evil()</script>">e</a><iframe srcdoc="<script>evil()</script>"></iframe>
<iframe src="javascript:evil()"></iframe><object data="javascript:evil()"></object><embed src="javascript:evil()">
<form action="javascript:evil()"><button formaction="javascript:evil()">f</button></form>
<svg onload="evil()"><a xlink:href="javascript:evil()"><text>g</text></a><script>evil()</script></svg>
<math><mtext><img src=x onerror="evil()"></mtext></math><style>@import "javascript:evil()";</style>
<p style="background:url(javascript:evil())">h</p><meta http-equiv="refresh" content="0;url=javascript:evil()">
<base href="javascript:evil()//"><details ontoggle="evil()" open>i</details><video src=x onerror="evil()"></video>
<noscript><p title="</noscript><img src=x onerror=x()>"></noscript><img src="data:text/html,evil()" alt="j">
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>evil()</script><path d='M0 0h9'/></svg>">
<marquee onstart="evil()">k</marquee><template><script>evil()</script></template><!--><script>evil()</script>-->"#;

const SVG: &str = "<!DOCTYPE svg [<!ENTITY run \"evil()\">]><svg xmlns='http://www.w3.org/2000/svg' \
    xmlns:x='http://www.w3.org/1999/xlink' width='30' height='20' onload='&run;'><script>evil()</script>\
    <script href='https://evil.example/evil().js'/><a x:href='javascript:evil()'><path d='M0 0h30v20z' onclick='evil()'/></a>\
    <foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='evil()'/></foreignObject>\
    <set attributeName='onmouseover' to='evil()'/><style>@import 'javascript:evil()';</style></svg>";

fn publication_of(server: &Server) -> Publication {
    with(&[("web", &server.url("/feed"))])
        .environment("MASTHEAD_SECRET", "a secret of thirty-two characters")
        .reconfigure("first_number = 92", "first_number = 92\nlists = [\"members\"]\nmail = \"auto\"")
        .tables("[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"")
        .tables("[mail]\nfrom = \"The Compositor <news@compositor.example>\"\npostal_address = \"1 Foundry Lane\"")
        .file("readers.csv", "email\nreader@example.org\n")
}

fn feed_of(server: &Server) -> String {
    let html = HTML.replace("/p.svg", &server.url("/p.svg"));
    format!(
        "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>Evil</title>\
         <link>javascript:evil()</link><item><title>Shown</title><link>javascript:evil()</link><guid>g</guid>\
         <comments>javascript:evil()</comments><enclosure url=\"javascript:evil()\" type=\"audio/mpeg\" length=\"1\"/>\
         <itunes:image href=\"javascript:evil()\"/><source url=\"javascript:evil()\">S</source>\
         <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate><description><![CDATA[{}]]></description></item></channel></rss>",
        html.replace("]]>", "]]&gt;")
    )
}

/// Holds that nothing of it is in what readers get; and that the post is.
fn runs_nothing(publication: &Publication) {
    let mut files = 0;
    for file in publication.files("public").into_iter().chain(publication.files("outbox")) {
        let folder =
            if file.ends_with(".eml") && publication.has(&format!("outbox/{file}")) { "outbox" } else { "public" };
        let path = format!("{folder}/{file}");
        let text = match file.rsplit('.').next() {
            Some("html" | "xml" | "json" | "svg" | "txt" | "css" | "js") => publication.read(&path),
            Some("eml") => letters(&publication.bytes(&path)),
            Some("pdf") => {
                let path = publication.path(&path);
                output_of("qpdf", &["--qdf", "--object-streams=disable", path.to_str().unwrap(), "-"])
                    .unwrap_or_default()
            }
            _ => continue,
        };
        assert!(!text.to_lowercase().contains("evil()"), "{path}: {text}");
        let is_markup = file.ends_with(".html") || file.ends_with(".xml");
        assert!(!is_markup || !["<naughty", "onclick=\""].iter().any(|raw| text.contains(raw)), "{path}: {text}");
        files += 1;
    }
    assert!(files > 5);
    assert!(publication.read("public/newsletter/1/index.html").contains("Shown"));
    assert!(publication.files("outbox").iter().any(|file| file.ends_with(".eml")), "it was mailed");
}

/// All that a message says, its encodings undone.
fn letters(bytes: &[u8]) -> String {
    let message = MessageParser::default().parse(bytes).unwrap();
    let head = message.headers().iter().map(|header| format!("{:?}\n", header.value));
    let parts = message.parts.iter().map(|part| {
        let name = part.attachment_name().unwrap_or_default();
        format!("{name}\n{}\n", String::from_utf8_lossy(part.contents()))
    });
    head.chain(parts).collect()
}

#[test]
fn nothing_that_a_feed_brings_runs_anywhere() {
    let pictures = Server::start(vec![("/p.svg", says("200 OK\r\nContent-Type: image/svg+xml", SVG))]);
    let server = Server::start(vec![("/feed", says("200 OK", feed_of(&pictures)))]);
    let publication = publication_of(&server);
    publication.publish().ok().freezes(&["newsletter/92"]);
    runs_nothing(&publication);
    let drawings: Vec<String> =
        publication.files("public/assets").into_iter().filter(|file| file.ends_with(".svg")).collect();
    assert_eq!(drawings.len(), 2, "they are shown, cleaned: {drawings:?}");
}

/// Changes what was kept of the post.
fn tampered(publication: &Publication, change: impl Fn(&mut Value)) -> String {
    let lines = publication.read("collected/web.jsonl");
    let change = |line: &str| {
        let mut sighting: Value = serde_json::from_str(line).unwrap();
        change(&mut sighting["post"]);
        format!("{sighting}\n")
    };
    lines.lines().map(change).collect()
}

#[test]
fn nothing_that_was_put_into_collected_runs_anywhere() {
    let pictures = Server::start(vec![("/p.svg", says("200 OK\r\nContent-Type: image/svg+xml", SVG))]);
    let server = Server::start(vec![("/feed", says("200 OK", feed_of(&pictures)))]);
    let publication = publication_of(&server);
    publication.run(&["collect"]).ok();
    let html = HTML.replace("/p.svg", "https://a.example/p.svg");
    let words = "<naughty>";
    let all = |post: &mut Value| {
        post["body"] = json!(html);
        post["address"] = json!("javascript:evil()");
        post["title"] = json!(format!("Shown {words}"));
        post["summary"] = json!(words);
        post["section"] = json!(words);
        post["authors"] = json!([words]);
        post["tags"] = json!([words]);
        post["credit"] = json!({"name": words, "url": "javascript:evil()"});
        post["picture"] = json!({"src": "javascript:evil()", "alt": words, "caption": words});
        post["enclosures"] = json!([{"address": "javascript:evil()", "media_type": "audio/mpeg", "title": words}]);
        post["particulars"] =
            json!({"transcript": "javascript:evil()", "comments": "javascript:evil()", "episode": words});
        post["slug"] = json!("x\" onclick=\"x()");
    };
    let by_itself: [(&str, Value); 6] = [
        ("slug", json!("../../../naughty")),
        ("slug", json!("\"><naughty>")),
        ("id", json!("\"><naughty>")),
        ("language", json!("en\" onclick=\"x()")),
        ("file", json!("\"><naughty>")),
        ("source", json!("\"><naughty>")),
    ];
    let mut texts = vec![tampered(&publication, all)];
    texts.extend(by_itself.into_iter().map(|(key, value)| tampered(&publication, |post| post[key] = value.clone())));
    for (nth, text) in texts.into_iter().enumerate() {
        let copy = publication.copy().file("collected/web.jsonl", text);
        for file in copy.files("collected/pictures").into_iter().filter(|file| file.ends_with(".svg")) {
            std::fs::write(copy.path(&format!("collected/pictures/{file}")), SVG).unwrap();
        }
        copy.run(&["publish", "--offline", "--json"]).ok().warns("is not as it was kept");
        if copy.read("public/newsletter/1/index.html").contains("Shown") {
            runs_nothing(&copy);
        } else {
            assert!(nth > 0, "the first one is shown");
        }
        assert!(!copy.files("public").iter().any(|file| file.contains("naughty")), "{:?}", copy.files("public"));
        assert!(!copy.path("../naughty").exists() && !copy.path("../../naughty").exists());
    }
}
