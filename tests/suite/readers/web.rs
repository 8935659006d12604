//! Web pages: sound markup, links that lead somewhere, and no wider than a phone.

use std::collections::BTreeMap;

use url::Url;

use super::page::Page;
use crate::publication::Publication;
use crate::samples::bilingual;
use crate::tools::tool;

const BASE: &str = "https://compositor.example/";

/// The pages of a site by path below public/. Digests for mail stand on their own.
fn pages(publication: &Publication) -> BTreeMap<String, Page> {
    let paths = publication.files("public").into_iter();
    paths
        .filter(|path| path.ends_with(".html") && !path.ends_with("email.html"))
        .map(|path| (path.clone(), Page::read(&publication.read(&format!("public/{path}")))))
        .collect()
}

#[test]
fn every_page_is_sound_and_accessible() {
    let pages = pages(&bilingual().published());
    assert!(pages.len() > 15, "{:?}", pages.keys());
    for (path, page) in &pages {
        assert!(page.doctype && page.errors.is_empty(), "{path}: {:?}", page.errors);
        let html = page.all("html")[0];
        assert!(!html.attribute("lang").is_empty(), "{path} names no language");
        let direction = if html.attribute("lang") == "fa" { "rtl" } else { "ltr" };
        assert_eq!(html.attribute("dir"), direction, "{path}");
        assert_eq!(page.all("h1").len(), 1, "{path} needs one first heading");
        assert_eq!(page.all("main").len(), 1, "{path}");
        assert!(!page.all("title")[0].text.trim().is_empty(), "{path} has no title");
        assert!(page.all("meta").iter().any(|meta| meta.attribute("name") == "viewport"), "{path}");
        assert!(page.all("script").is_empty(), "{path} has a script");
        assert!(page.all("img").iter().all(|picture| picture.attributes.contains_key("alt")), "{path}");
        let mut ids = page.values("id");
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path} has an id twice");
    }
}

#[test]
fn headings_do_not_leave_out_a_rank() {
    for (path, page) in &pages(&bilingual().published()) {
        let mut rank = 0;
        for heading in page.elements.iter().filter(|element| element.name.len() == 2 && element.name.starts_with('h')) {
            if let Ok(next) = heading.name[1..].parse::<u32>() {
                assert!(next <= rank + 1, "{path}: h{next} follows h{rank}");
                rank = next;
            }
        }
    }
}

#[test]
fn every_link_and_picture_leads_somewhere() {
    let publication = bilingual().published();
    let pages = pages(&publication);
    for (path, page) in &pages {
        let here = Url::parse(BASE).unwrap().join(path).unwrap();
        for reference in page.values("href").into_iter().chain(page.values("src")) {
            let target = here.join(reference).unwrap_or_else(|cause| panic!("{path}: {reference}: {cause}"));
            if let Some(file) = file_of(&target) {
                assert!(publication.has(&format!("public/{file}")), "{path}: {reference} leads nowhere ({file})");
                let fragment = target.fragment().map(decoded);
                let there = fragment.as_deref().zip(pages.get(&file));
                assert!(
                    there.is_none_or(|(fragment, page)| fragment.is_empty() || page.values("id").contains(&fragment)),
                    "{path}: {reference} names no element of {file}"
                );
            }
        }
    }
}

/// The file below public/ that an address of ours stands for.
fn file_of(address: &Url) -> Option<String> {
    let plain = address.as_str().split(['#', '?']).next()?;
    let path = decoded(plain.strip_prefix(BASE)?);
    Some(if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path })
}

fn decoded(text: &str) -> String {
    let query = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned()
}

#[test]
fn no_page_is_wider_than_a_phone() {
    let publication = bilingual()
        .post(
            "2026-07-12-wide.md",
            "---\ntitle: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft\n---\n\
             https://example.org/an/address/without/any/space/that/goes/on/and/on/and/on/and/on/and/on/and/on/and/on\n\n\
             ```\na line of code that is much longer than the screen of any phone that was ever made, and then some more\n\
             ```\n\n| a | b | c | d | e | f | g | h |\n|---|---|---|---|---|---|---|---|\n\
             | one column | another column | a third column | a fourth | a fifth | a sixth | a seventh | an eighth |\n",
        )
        .published();
    let paths =
        ["index.html", "fa/index.html", "newsletter/1/index.html", "posts/wide/index.html", "khabarname/1/index.html"];
    let frames = paths.map(|path| format!("<iframe width=390 height=800 src=\"{path}\"></iframe>")).concat();
    let measure = "<script>onload = () => document.body.append(Array.from(frames, frame => \
                   frame.document.documentElement.scrollWidth).join(' ') + ' measured')</script>";
    let publication = publication.file("public/frames.html", format!("<!doctype html><body>{frames}{measure}"));
    let Some(mut chromium) = tool("chromium") else { return };
    let profile = tempfile::tempdir().unwrap();
    let output = chromium
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=10000", "--window-size=1200,2000", "--dump-dom"])
        .arg(format!("file://{}", publication.path("public/frames.html").display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let measured = dom.rsplit_once(" measured").unwrap_or_default().0.rsplit('>').next().unwrap();
    let widths: Vec<u32> = measured.split_whitespace().map(|width| width.parse().unwrap_or(u32::MAX)).collect();
    assert_eq!(widths.len(), paths.len(), "{dom}\n{}", String::from_utf8_lossy(&output.stderr));
    for (path, width) in paths.iter().zip(widths) {
        assert!(width <= 390, "{path} is {width} px wide");
    }
}

#[test]
fn paper_has_every_column_of_a_wide_table() {
    let row =
        |of: &str| format!("| {} |\n", (1..=9).map(|n| format!("{of}{n} with words")).collect::<Vec<_>>().join(" | "));
    let table = row("head") + &"|---".repeat(9) + "|\n" + &row("cell");
    let publication = bilingual().post("2026-07-12-wide.md", &format!("---\ntitle: Wide\n---\n\n{table}")).published();
    let (Some(mut chromium), Some(mut pdftotext)) = (tool("chromium"), tool("pdftotext")) else { return };
    let profile = tempfile::tempdir().unwrap();
    let (page, pdf) = (publication.path("public/posts/wide/index.html"), profile.path().join("wide.pdf"));
    let output = chromium
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(pdf.exists(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = pdftotext.arg(&pdf).arg("-").output().unwrap().stdout;
    let text = String::from_utf8_lossy(&text);
    let missing: Vec<String> = ["head", "cell"]
        .iter()
        .flat_map(|of| (1..=9).map(move |n| format!("{of}{n}")))
        .filter(|word| !text.contains(word.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?} in {text}");
}

#[test]
fn a_logo_stands_at_the_top_of_pages_and_mails() {
    let publication = bilingual()
        .reconfigure("language = \"en\"\ntime_zone", "language = \"en\"\nlogo = \"art/press.png\"\ntime_zone")
        .picture("art/press.png", 40, 40)
        .published();
    let drawn = publication.bytes("art/press.png");
    assert_eq!(publication.bytes("public/logo.png"), drawn);
    assert!(publication.read("public/index.html").contains("src=\"./logo.png\""));
    assert!(publication.read("public/fa/index.html").contains("src=\"../logo.png\""));
    let html = publication.read("public/newsletter/1/email.html");
    assert!(html.contains("src=\"https://compositor.example/logo.png\"") && html.contains("alt=\"The Compositor\""));
    let publication = publication.reconfigure("art/press.png", "art/nothing.png");
    publication.publish().leaves_with(2).says("art/nothing.png");
    publication.reconfigure("art/nothing.png", "about.md").publish().leaves_with(2).says("no picture");
}
