//! How much memory a very large export takes: that of what is known of its posts, however long they are and whatever else
//! it holds.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde_json::Value;

use super::{END, HEAD, item};
use crate::publication::Publication;
use crate::tools::{self, long};

const POSTS: usize = 200;

const CONFIG: &str = "title = \"Blog\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n\
    [[source]]\nwordpress = \"export.xml\"\n";

#[test]
fn what_is_no_post_takes_no_memory() {
    grows_by_little(20 << 20, 8 << 20);
}

#[test]
fn long_an_export_of_a_gigabyte_takes_no_more_memory_than_its_posts() {
    if long() {
        // The 50,000 attachments that are kept, because a later post may name them, take 15 MB.
        grows_by_little(1 << 30, 32 << 20);
    }
}

/// Compares an export of so many bytes with one of the same posts and nothing else: it may take `most` bytes more.
fn grows_by_little(bytes: usize, most: usize) {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: there is no /proc");
        return;
    }
    let (small, large) = (peak(0), peak(bytes));
    println!("an export of {} MB: {} MB at most, without what is no post {} MB", bytes >> 20, large >> 20, small >> 20);
    let grown = large.saturating_sub(small);
    assert!(grown < most, "{grown} bytes more for {bytes} bytes that are no posts");
}

/// The most memory that collecting an export takes, in bytes; `bytes` of it are no posts.
fn peak(bytes: usize) -> usize {
    let publication = Publication::new().config(CONFIG);
    write(&publication.path("export.xml"), bytes);
    let (peak, report) = run(&publication, &["collect", "--json"]);
    assert_eq!(report["posts"].as_array().unwrap().len(), POSTS);
    let told: u64 = report["counted"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum();
    assert_eq!(told > 0, bytes > 0);
    peak
}

/// Runs a verb to its end: the most memory that it took, in bytes, and its report.
fn run(publication: &Publication, verb: &[&str]) -> (usize, Value) {
    let (peak, out) = tools::peak(publication.command(verb));
    (peak, serde_json::from_str(&out).unwrap())
}

/// How many bytes the text of a post has in an export of posts.
const LENGTH: usize = 20_000;

#[test]
fn an_export_of_posts_may_be_larger_than_memory() {
    // Six times as many posts: what is known of each, and a few texts at a time.
    posts_take_little(&[6 << 20, 24 << 20], [14 << 20; 2]);
}

#[test]
fn long_an_export_of_a_gigabyte_of_posts_takes_what_is_known_of_them() {
    if long() {
        // Of 54,000 posts, which `collect --json` tells one by one.
        posts_take_little(&[18 << 20, 1 << 30], [240 << 20, 140 << 20]);
    }
}

/// Collects and moves in exports of so many bytes of posts: the larger one may take `most` bytes more than the other.
fn posts_take_little(sizes: &[usize; 2], most: [usize; 2]) {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: there is no /proc");
        return;
    }
    let verbs = [&["collect", "--json"][..], &["source", "import", "export.xml", "--json"]];
    for (verb, most) in verbs.into_iter().zip(most) {
        let peaks = sizes.map(|bytes| {
            let publication = Publication::new();
            let publication = if verb[0] == "collect" { publication.config(CONFIG) } else { publication };
            write_posts(&publication.path("export.xml"), bytes);
            let (peak, report) = run(&publication, verb);
            // The second run knows what the posts were.
            let peak = if verb[0] == "collect" { peak.max(run(&publication, verb).0) } else { peak };
            let key = if verb[0] == "collect" { "posts" } else { "written" };
            assert_eq!(report[key].as_array().unwrap().len(), bytes / LENGTH);
            peak
        });
        let [small, large] = peaks;
        let sizes = sizes.map(|bytes| bytes >> 20);
        println!(
            "{}: {} MB for {} MB of posts, {} MB for {} MB",
            verb[0],
            large >> 20,
            sizes[1],
            small >> 20,
            sizes[0]
        );
        let grown = large.saturating_sub(small);
        assert!(grown < most, "{}: {grown} bytes more", verb[0]);
    }
}

/// Writes an export of posts, each with words of its own.
fn write_posts(path: &Path, bytes: usize) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(HEAD.as_bytes()).unwrap();
    for number in 0..bytes / LENGTH {
        let words = "type and ink and paper and press ".repeat(20);
        let line = format!(
            "<p>{words} &amp; <em>ink</em> of {number}, <a href=\"https://blog.example/?p=3\">paper</a> and چاپ.</p>\n"
        );
        let text = line.repeat(LENGTH / line.len());
        out.write_all(item(number + 1, &format!("post-{number}"), &text).as_bytes()).unwrap();
    }
    out.write_all(END.as_bytes()).unwrap();
}

/// Writes an export: posts, and between them revisions, attachments and comments.
fn write(path: &Path, bytes: usize) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(HEAD.as_bytes()).unwrap();
    let text = "<p>Type &amp; <em>ink</em>, <a href=\"https://blog.example/?p=3\">paper</a> and چاپ.</p>\n".repeat(40);
    let comment = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_type>comment</wp:comment_type>\
        <wp:comment_approved>1</wp:comment_approved><wp:comment_content><![CDATA[So it is.]]></wp:comment_content>\
        </wp:comment>\n";
    let mut number = POSTS;
    for post in 0..POSTS {
        out.write_all(item(post, &format!("post-{post}"), &text).as_bytes()).unwrap();
        let mut written = 0;
        while written < bytes / POSTS {
            number += 1;
            let kind = if number.is_multiple_of(2) { "revision" } else { "attachment" };
            let other = item(number, &format!("other-{number}"), &text)
                .replace("<wp:post_type>post<", &format!("<wp:post_type>{kind}<"))
                .replace("</item>", &format!("{}</item>", comment.repeat(4)));
            out.write_all(other.as_bytes()).unwrap();
            written += other.len();
        }
    }
    out.write_all(END.as_bytes()).unwrap();
}
