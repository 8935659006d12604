//! Markup and text fit for a feed.

use std::borrow::Cow;

use crate::model::{Article, Issue, Post, Publication};

/// The text without the characters that XML 1.0 (section 2.2, `Char`) does not allow.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    let allowed =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
    }
}

/// The absolute URL of a picture: `assets/<name>` stands below the publication's address.
pub(super) fn absolute_url<'a>(src: &'a str, publication: &Publication) -> Cow<'a, str> {
    if src.starts_with("assets/") { Cow::Owned(publication.url(src)) } else { Cow::Borrowed(src) }
}

/// `html` with the pictures `assets/<name>` at their absolute addresses. The sanitiser writes attributes in double
/// quotes, so that a quote before `assets/` begins an attribute's value; in text a quote may stand as it is, so the
/// attribute's name is looked at too.
pub fn absolute(html: &str, publication: &Publication) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(at) = rest.find("\"assets/") {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        if ["src=\"", "href=\"", "poster=\""].iter().any(|attribute| before.ends_with(attribute)) {
            out.push_str(&publication.base_url);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The whole of a post: its leading picture, unless the text shows it, the text, and where it came from.
pub fn post_content(post: &Post, publication: &Publication) -> String {
    let mut html = String::with_capacity(post.body.as_str().len() + 256);
    if let Some(picture) = post.picture.as_ref().filter(|picture| !post.body.as_str().contains(&picture.src)) {
        let caption = picture.caption.as_deref().map(|text| format!("<figcaption>{}</figcaption>", escape(text)));
        html.push_str(&format!(
            "<figure><img src=\"{}\" alt=\"{}\">{}</figure>\n",
            escape(&absolute_url(&picture.src, publication)),
            escape(&picture.alt),
            caption.unwrap_or_default()
        ));
    }
    html.push_str(&absolute(post.body.as_str(), publication));
    if let Some(credit) = &post.credit {
        let name = escape(&credit.name);
        match &credit.url {
            Some(url) => html.push_str(&format!("\n<p><a href=\"{}\">{name}</a></p>", escape(url))),
            None => html.push_str(&format!("\n<p>{name}</p>")),
        }
    }
    html
}

/// The whole of an issue that stands at `url`: its introduction, its contents list, and its articles.
pub fn issue_content(issue: &Issue, url: &str, publication: &Publication) -> String {
    let mut html = String::new();
    if let Some(intro) = &issue.intro {
        html.push_str(&absolute(intro.as_str(), publication));
    }
    html.push_str("\n<ul>\n");
    for article in issue.articles() {
        let (anchor, title) = (escape(&article.anchor), escape(&article.post.title));
        html.push_str(&format!("<li><a href=\"{}#{anchor}\">{title}</a></li>\n", escape(url)));
    }
    html.push_str("</ul>\n");
    for section in &issue.sections {
        if !section.title.is_empty() {
            html.push_str(&format!("<h2>{}</h2>\n", escape(&section.title)));
        }
        section.articles.iter().for_each(|article| push_article(&mut html, article, publication));
    }
    issue.standing.iter().for_each(|article| push_article(&mut html, article, publication));
    html
}

fn push_article(html: &mut String, article: &Article, publication: &Publication) {
    html.push_str(&format!("<h3>{}</h3>\n", escape(&article.post.title)));
    if !article.post.authors.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", escape(&article.post.authors.join(", "))));
    }
    html.push_str(&post_content(&article.post, publication));
    html.push('\n');
}

/// Text for the inside of HTML and of its attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
