//! Pictures with captions, galleries and playlists.

use std::fmt::Write as _;

use super::Shown;
use super::arguments::Arguments;
use crate::collect::wordpress::attachments::Attachment;
use crate::collect::wordpress::body::markup::{Markup, Token};
use crate::model::escaped;

/// Pictures of one gallery beyond which none is shown.
pub(super) const MOST: usize = 1000;

const PICTURES: [&str; 9] = ["jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "bmp", "jpe"];
const SOUNDS: [&str; 8] = ["mp3", "ogg", "oga", "wav", "m4a", "wma", "flac", "aac"];
const FILMS: [&str; 8] = ["mp4", "m4v", "webm", "ogv", "mov", "wmv", "avi", "flv"];

/// `[caption]<img …> Words[/caption]`; the words may be an argument as well.
pub(super) fn caption(arguments: &Arguments, contents: &str) -> Option<String> {
    let (picture, words) = cut(contents);
    let given = arguments.get(&["caption"]).unwrap_or_default();
    let words = if given.trim().is_empty() { words.trim() } else { given.trim() };
    if picture.is_empty() && words.is_empty() {
        return None;
    }
    let mut figure = format!("<figure>{}", picture.replace('\n', " "));
    if !words.is_empty() {
        let _ = write!(figure, "<figcaption>{}</figcaption>", words.replace('\n', " "));
    }
    Some(figure + "</figure>")
}

/// What a caption is about, with the link around it, and what stands after it.
fn cut(contents: &str) -> (&str, &str) {
    let markup = Markup::new(contents);
    let (mut at, mut end, mut in_link) = (0, 0, false);
    for token in markup.tokens() {
        at += token.raw().len();
        match token {
            Token::Tag { name: "a", closes, .. } => {
                if closes && in_link && end > 0 {
                    return contents.split_at(at);
                }
                in_link = !closes && end == 0;
            }
            Token::Tag { name: "img", .. } | Token::Atom { .. } => {
                end = at;
                if !in_link {
                    return contents.split_at(end);
                }
            }
            _ => {}
        }
    }
    contents.split_at(end)
}

/// The numbers that a gallery or playlist names.
pub(super) fn ids(arguments: &Arguments) -> Vec<u64> {
    let list = arguments.get(&["ids", "include"]).unwrap_or_default();
    list.split(|c: char| !c.is_ascii_digit()).filter_map(|id| id.parse().ok()).take(MOST).collect()
}

/// The attachments that are meant: those that are named, else those of the post, of these kinds.
fn meant<'a>(arguments: &Arguments, shown: &Shown<'a>, kinds: &[&str]) -> Vec<&'a Attachment> {
    let mut numbers = ids(arguments);
    if numbers.is_empty() {
        let post = arguments.get(&["id"]).and_then(|id| id.parse().ok()).unwrap_or(shown.post);
        let except = arguments.get(&["exclude"]).unwrap_or_default();
        let except: Vec<u64> = except.split(',').filter_map(|id| id.trim().parse().ok()).collect();
        numbers = shown.attachments.of(post);
        numbers.retain(|id| !except.contains(id));
        numbers.truncate(MOST);
    }
    let found = numbers.into_iter().filter_map(|id| shown.attachments.get(id));
    found.filter(|attachment| is_of(&attachment.url, kinds)).collect()
}

/// Whether an address ends like one of these kinds of files.
fn is_of(url: &str, kinds: &[&str]) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    extension.is_none_or(|extension| kinds.iter().any(|kind| kind.eq_ignore_ascii_case(extension)))
}

/// `[gallery]`: its pictures with their captions, one after the other.
pub(super) fn gallery(arguments: &Arguments, shown: &Shown<'_>) -> Option<String> {
    let mut html = String::new();
    for picture in meant(arguments, shown, &PICTURES) {
        let _ = write!(html, "<figure><img src=\"{}\" alt=\"{}\">", escaped(&picture.url), escaped(&picture.alt));
        if !picture.caption.is_empty() {
            let _ = write!(html, "<figcaption>{}</figcaption>", picture.caption.replace('\n', " "));
        }
        html.push_str("</figure>\n");
    }
    (!html.is_empty()).then_some(html)
}

/// `[playlist]`: links to its sounds or films.
pub(super) fn playlist(arguments: &Arguments, shown: &Shown<'_>) -> Option<String> {
    let kinds = if arguments.get(&["type"]) == Some("video") { &FILMS } else { &SOUNDS };
    let mut links = String::new();
    for file in meant(arguments, shown, kinds) {
        links.extend(["<li><a href=\"", &*escaped(&file.url), "\">", &*escaped(&label(file)), "</a></li>\n"]);
    }
    (!links.is_empty()).then(|| format!("<ul>\n{links}</ul>\n"))
}

/// The address and name of the post's own sound or film, for `[audio]` and `[video]` that name none.
pub(super) fn own_file(name: &str, shown: &Shown<'_>) -> Option<(String, String)> {
    let kinds = if name == "audio" { &SOUNDS } else { &FILMS };
    let files = meant(&Arguments::default(), shown, kinds);
    files.first().map(|file| (file.url.clone(), label(file)))
}

fn label(file: &Attachment) -> String {
    if file.title.is_empty() { file_name(&file.url) } else { file.title.clone() }
}

/// The last part of an address's path.
pub(super) fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    crate::collect::links::percent_decoded(name)
}
