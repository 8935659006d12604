//! What Masthead spends its time on, stage by stage, on input made in code. `cargo bench`.

mod input;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use masthead::collect::collect;
use masthead::config::Config;
use masthead::model::{Issue, Post, Window};
use masthead::render::feed::{Entry, Feed, Items};
use masthead::render::{Edition, PublicIssue, Site, email, feed, pdf, web};
use masthead::templates::Templates;
use masthead::typeset::Resources;
use masthead::typeset::fonts::Fonts;

use input::{Publication, drafts, months, now, posts};

fn main() {
    divan::main();
}

/// The posts have no pictures.
struct NoPictures;

impl Resources for NoPictures {
    fn get(&self, _: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// Front matter and Markdown to posts, sanitised.
#[divan::bench(args = [100, 1_000], sample_count = 10)]
fn collect_posts(bencher: Bencher<'_, '_>, count: usize) {
    let publication = Publication::new(count, 630);
    let config = publication.config();
    bencher
        .counter(ItemsCount::new(count))
        .counter(BytesCount::new(publication.length))
        .bench(|| collect(&config, now()).unwrap());
}

/// Two years of windows over the posts: plans, numbers and drafts.
#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn assemble_two_years(bencher: Bencher<'_, '_>, count: usize) {
    let config = Publication::new(100, 60).config();
    let some = posts_of(100, 60);
    // Assembling looks at dates, tags and languages: short posts, many times, under ids of their own.
    let posts: Vec<Post> = (0..count)
        .map(|number| {
            let mut post = some[number % some.len()].clone();
            post.id.0 = format!("{}/{number}", post.id.0);
            post
        })
        .collect();
    let windows = months(&config);
    bencher.counter(ItemsCount::new(count)).bench(|| drafts(&config, &posts, &windows));
}

fn posts_of(count: usize, words: usize) -> Vec<Post> {
    let publication = Publication::new(count, words);
    posts(&publication.config())
}

/// A feed of 1,000 posts in full, before it is written.
fn items() -> (Config, Vec<Items>) {
    let publication = Publication::new(1_000, 630);
    let config = publication.config();
    let items = posts(&config)
        .iter()
        .map(|post| Items::new(Entry::of_post(post, &config.publication, post.body.as_str().to_owned())).unwrap())
        .collect();
    (config, items)
}

fn feed_of<'a>(config: &Config, items: &'a [Items]) -> Feed<'a> {
    let publication = &config.publication;
    Feed {
        title: publication.title.clone(),
        description: None,
        description_language: publication.language.clone(),
        home: publication.base_url.clone(),
        language: publication.language.clone(),
        publisher: publication.title.clone(),
        rights: None,
        rights_language: publication.language.clone(),
        entries: items.iter().collect(),
        deleted: Vec::new(),
    }
}

/// Writes a feed of 1,000 posts with `write` and counts its bytes.
fn write_feed(bencher: Bencher<'_, '_>, write: impl Fn(&Feed<'_>) -> Vec<u8> + Sync) {
    let (config, items) = items();
    let feed = feed_of(&config, &items);
    bencher.counter(BytesCount::new(write(&feed).len())).bench(|| write(&feed));
}

#[divan::bench(sample_count = 20)]
fn feed_rss(bencher: Bencher<'_, '_>) {
    write_feed(bencher, |feed| feed.rss().unwrap());
}

#[divan::bench(sample_count = 20)]
fn feed_atom(bencher: Bencher<'_, '_>) {
    write_feed(bencher, |feed| feed.atom().unwrap());
}

#[divan::bench(sample_count = 20)]
fn feed_json(bencher: Bencher<'_, '_>) {
    write_feed(bencher, |feed| feed.json().unwrap());
}

/// A site of 1,000 posts and 24 issues.
fn with_site(work: impl FnOnce(&Site<'_>)) {
    let publication = Publication::new(1_000, 630);
    let config = publication.config();
    let posts = posts(&config);
    let issues = drafts(&config, &posts, &months(&config));
    let editions = ["en", "fa"].map(|tag| Edition {
        language: posts.iter().find(|post| post.language.as_str() == tag).unwrap().language.clone(),
        publication: config.publication.clone(),
        posts: posts.iter().rev().filter(|post| post.language.as_str() == tag).collect(),
        apart: Vec::new(),
    });
    work(&Site {
        publication: &config.publication,
        editions: editions.into(),
        issues: issues.iter().rev().map(|issue| PublicIssue { issue, pdf: None }).collect(),
        titles: std::collections::BTreeMap::new(),
        descriptions: std::collections::BTreeMap::new(),
        subscribe: None,
        nowhere: &std::collections::BTreeSet::new(),
        page_size: 20,
        drafts: true,
    });
}

#[divan::bench(sample_count = 10)]
fn site_pages(bencher: Bencher<'_, '_>) {
    let templates = Templates::builtin();
    with_site(|site| bencher.bench_local(|| web::pages(site, &templates).unwrap()));
}

#[divan::bench(sample_count = 10)]
fn site_feeds(bencher: Bencher<'_, '_>) {
    let templates = Templates::builtin();
    let sizes = feed::Sizes { whole: 50, group: 20 };
    with_site(|site| bencher.bench_local(|| feed::write(site, &templates, sizes).unwrap()));
}

/// One issue over all of these posts.
fn issue_of(count: usize, words: usize) -> Issue {
    let publication = Publication::new(count, words);
    let config = publication.config();
    let posts = posts(&config);
    let windows = months(&config);
    let all = Window { since: windows[0].since, until: windows[windows.len() - 1].until };
    drafts(&config, &posts, &[all]).remove(0)
}

/// An issue of a month: about 25 posts, 16,000 words.
#[divan::bench(sample_count = 20)]
fn issue_pdf(bencher: Bencher<'_, '_>) {
    let (issue, templates, fonts) = (issue_of(28, 630), Templates::builtin(), Fonts::builtin());
    bencher.bench(|| pdf::pdf(&issue, &templates, &NoPictures, &fonts).unwrap());
}

/// Pictures of posts by what markup calls them.
struct Pictures(BTreeMap<String, PathBuf>);

impl Resources for Pictures {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        std::fs::read(self.0.get(url)?).ok().map(Arc::from)
    }
}

/// An issue of 16 pages with a picture in each of its posts.
#[divan::bench(sample_count = 20)]
fn illustrated_issue_pdf(bencher: Bencher<'_, '_>) {
    let publication = Publication::illustrated(12, 560);
    let config = publication.config();
    let posts = posts(&config);
    let windows = months(&config);
    let all = Window { since: windows[0].since, until: windows[windows.len() - 1].until };
    let issue = drafts(&config, &posts, &[all]).remove(0);
    let (templates, fonts) = (Templates::builtin(), Fonts::builtin());
    let assets = posts.iter().flat_map(|post| &post.assets);
    let pictures = Pictures(assets.map(|asset| (format!("assets/{}", asset.name), asset.file.clone())).collect());
    let written = pdf::pdf(&issue, &templates, &pictures, &fonts).unwrap().value;
    assert_eq!(lopdf::Document::load_mem(&written).unwrap().get_pages().len(), 16);
    bencher.bench(|| pdf::pdf(&issue, &templates, &pictures, &fonts).unwrap());
}

/// A volume of 400,000 words.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn volume_pdf_400_000_words(bencher: Bencher<'_, '_>) {
    let (issue, templates, fonts) = (issue_of(705, 630), Templates::builtin(), Fonts::builtin());
    bencher
        .counter(ItemsCount::new(400_000_usize))
        .bench(|| pdf::pdf(&issue, &templates, &NoPictures, &fonts).unwrap());
}

/// The digest of a month, HTML and text.
#[divan::bench(sample_count = 20)]
fn digest(bencher: Bencher<'_, '_>) {
    let (issue, templates) = (issue_of(28, 630), Templates::builtin());
    bencher.bench(|| email::digest(&issue, &templates).unwrap());
}
