//! An article: one post as a web page, an issue, a feed or a mail shows it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::caption::captioned;
use super::enclosure::{enclosed, transcript};
use super::excerpt::{begins_with, short_item};
use super::kinds::named;
use super::{Addresses, DateView, EnclosureView, Locale, picture};
use crate::model::{Article, Credit, Html, Language, Picture, Post, Style, picture_name};
use crate::templates::dates::numerals;
use crate::templates::markup::{Fit, calls_numbered, code_from_the_left, fit};

/// The picture that leads a post is compared with no more pictures of its text.
const MOST_COMPARED: usize = 200;

/// Where an article stands on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArticlePlace<'a> {
    /// The level of its title's heading: 1 on a page of its own, 3 under a section of an issue.
    pub level: u8,
    /// Its name for fragments; empty on a page of its own.
    pub anchor: &'a str,
    /// Whole, or a short item.
    pub style: Style,
}

/// A post as printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleView<'a> {
    /// Its name on the page, for links; empty where it is the page.
    pub anchor: &'a str,
    /// The level of its title's heading.
    pub level: u8,
    /// The language it is written in.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// Its title, as text.
    pub title: &'a str,
    /// Its own address.
    pub link: String,
    /// Whether the title is a link: in short items and for posts from elsewhere.
    pub linked: bool,
    /// Who wrote it, as one line.
    pub byline: Option<String>,
    /// Its day; none for a standing article that says none.
    pub date: Option<DateView>,
    /// The day of its last change, where that is another day.
    pub updated: Option<DateView>,
    /// The standfirst, as text; absent where the body begins with the same words.
    pub summary: Option<&'a str>,
    /// The picture that leads it; absent where the body shows it itself.
    pub picture: Option<PictureView>,
    /// The words of one that could not be had, which stand in its place.
    pub lost_picture: Option<LostPictureView>,
    /// The text: markup.
    pub body: Cow<'a, str>,
    /// Whether `body` is only a part, so that a link to the rest is due.
    pub more: bool,
    /// Sounds, films, their transcript and documents that come with it and that the text does not link itself.
    pub enclosures: Vec<EnclosureView<'a>>,
    /// Where it came from.
    pub credit: Option<CreditView<'a>>,
    /// Whether it came after its own issue had closed.
    pub late: bool,
    /// In a volume: the heading of its issue that begins with it.
    pub band: Option<&'a str>,
    /// Whether it is a short item of a digest.
    pub short: bool,
    /// Whether its address leads to the whole of it; not that of what is for members only.
    pub paged: bool,
}

/// A picture with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureView {
    /// Its address.
    pub src: String,
    /// Its width in pixels, where it and the height are known.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
    /// Alternative text; empty where there is none.
    pub alt: String,
    /// The caption, as text.
    pub caption: Option<String>,
}

/// The words of a picture that could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostPictureView {
    /// Where it is on the web, if it is.
    pub link: Option<String>,
    /// How it is described, or called.
    pub words: String,
    /// The caption, as text, where it says something else.
    pub caption: Option<String>,
}

/// Where a piece came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditView<'a> {
    /// "The National Archive".
    pub name: &'a str,
    /// Its address.
    pub url: Option<&'a str>,
}

impl<'a> ArticleView<'a> {
    /// The view of `post` at `place`.
    #[must_use]
    pub fn new(post: &'a Post, place: ArticlePlace<'a>, addresses: &Addresses<'_>, locale: &Locale<'_>) -> Self {
        let short = place.style == Style::Digest;
        let id_prefix = if place.anchor.is_empty() { String::new() } else { format!("{}-", place.anchor) };
        let files = addresses.files();
        let top_heading = (place.level + 1).min(6);
        let fitting = Fit {
            assets: addresses.assets,
            files: &files,
            top_heading,
            id_prefix: &id_prefix,
            landing: addresses.landing,
        };
        let whole = fit(&post.body, &fitting);
        let summary = post.summary.as_deref().filter(|summary| !begins_with(&post.body, summary));
        let (body, more, summary) =
            if short { short_item(whole, post.summary.as_deref()) } else { (whole, false, summary) };
        let own = post.picture.as_ref().filter(|_| !short);
        let shown = own.and_then(|own| shown(&post.body, own));
        let lead = own.filter(|_| shown.is_none());
        let body = match shown.filter(|shown| !shown.lost) {
            Some(shown) => captioned(body, &picture(&shown, &post.assets, addresses)),
            None => body,
        };
        // What others wrote stays as they wrote it.
        let is_own = post.origin == crate::model::Origin::Own;
        let body = if is_own { named(body, &post.language, locale.strings) } else { body };
        let date = locale.date(post.date());
        let links = |file: &EnclosureView<'_>| body.contains(&format!("\"{}\"", file.url.replace('&', "&amp;")));
        let mut enclosures = enclosed(&post.enclosures, links, addresses, locale);
        let words = Some(post.particulars.transcript.as_str()).filter(|address| !address.is_empty());
        let words = words.map(|address| transcript(address, addresses, locale)).filter(|words| !links(words));
        enclosures.extend(words);
        Self {
            anchor: place.anchor,
            level: place.level,
            lang: post.language.as_str(),
            dir: post.language.direction().as_str(),
            title: &post.title,
            link: addresses.link(&post.address),
            linked: short || post.origin == crate::model::Origin::Elsewhere,
            byline: byline(post, locale),
            updated: post.updated.map(|at| locale.date(at)).filter(|updated| updated.iso > date.iso),
            date: Some(date),
            summary,
            picture: lead.filter(|picture| !picture.lost).map(|lead| picture(lead, &post.assets, addresses)),
            lost_picture: lead.filter(|picture| picture.lost).and_then(LostPictureView::new),
            enclosures,
            body,
            more,
            credit: post.credit.as_ref().map(CreditView::new),
            late: false,
            band: None,
            short,
            paged: true,
        }
    }

    /// The view of an issue's `article` under a heading of `level` - 1.
    #[must_use]
    pub fn in_issue(
        article: &'a Article,
        level: u8,
        style: Style,
        addresses: &Addresses<'_>,
        locale: &Locale<'_>,
    ) -> Self {
        // What has no page to lead to is shown whole.
        let is_nowhere = addresses.landing.is_some_and(|landing| landing.is_nowhere(&article.post.address));
        let paged = !article.for_members && !is_nowhere;
        let style = if paged { style } else { Style::Articles };
        let place = ArticlePlace { level, anchor: &article.anchor, style };
        let view = Self::new(&article.post, place, addresses, locale);
        Self { late: article.late, paged, ..view }
    }

    /// With its program text marked as running from left to right where its language does not: for mail and feeds, whose
    /// readers may drop the stylesheet or have none.
    #[must_use]
    pub fn with_code_marked(self) -> Self {
        Self { body: code_marked(self.body, self.dir), ..self }
    }

    /// With its calls of notes in the digits of its language: for pages and mail, whose style sheets count the notes in them.
    /// Readers of feeds count in their own way, and the PDF writes its calls itself.
    #[must_use]
    pub fn with_calls_counted(self) -> Self {
        Self { body: calls_counted(self.body, self.lang), ..self }
    }
}

/// Regions whose Arabic is written with the digits 1, 2, 3, as the same style sheets have it.
const LATIN: [&str; 6] = ["AE", "DZ", "EH", "LY", "MA", "TN"];

/// The language in whose digits style sheets count the lists of another, where these are not 1, 2, 3: `web/style.css` and
/// `email/issue.mjml.hbs` name the same.
fn counted_in(language: &Language) -> Option<Language> {
    match language.primary() {
        "fa" | "ks" | "lrc" | "mzn" | "ps" | "ur" => Language::parse("fa"),
        "ckb" | "sd" => Language::parse("ar"),
        // Some regions write 1, 2, 3.
        "ar" if !LATIN.iter().any(|region| language.as_str().split('-').any(|part| part == *region)) => {
            Language::parse("ar")
        }
        _ => None,
    }
}

/// Markup in a language, with its calls of notes in the digits in which style sheets count its notes.
pub(super) fn calls_counted<'a>(html: Cow<'a, str>, lang: &str) -> Cow<'a, str> {
    let Some(language) = Language::parse(lang).and_then(|language| counted_in(&language)) else { return html };
    match calls_numbered(&html, |digits| numerals(digits, &language)) {
        Cow::Borrowed(_) => html,
        Cow::Owned(counted) => Cow::Owned(counted),
    }
}

/// Markup in a language of this direction, with its program text marked where that runs the other way.
pub(super) fn code_marked<'a>(html: Cow<'a, str>, dir: &str) -> Cow<'a, str> {
    if dir != "rtl" {
        return html;
    }
    match code_from_the_left(&html) {
        Cow::Borrowed(_) => html,
        Cow::Owned(marked) => Cow::Owned(marked),
    }
}

/// "By A, B".
fn byline(post: &Post, locale: &Locale<'_>) -> Option<String> {
    let names = || locale.byline(&post.authors, post.language.direction());
    (!post.authors.is_empty()).then(|| locale.words("by", &[("name", &names())]))
}

impl LostPictureView {
    /// `None` where there is nothing to say of it.
    fn new(picture: &Picture) -> Option<Self> {
        let link = Some(picture.src.clone()).filter(|src| !src.is_empty());
        let caption = picture.caption.clone().filter(|caption| !caption.trim().is_empty());
        let path = picture.src.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').find(|part| !part.is_empty());
        let (words, caption) = match (picture.alt.trim(), caption) {
            ("", Some(caption)) => (caption, None),
            ("", None) => (percent_decode_str(name?).decode_utf8_lossy().into_owned(), None),
            (alt, caption) => (alt.to_owned(), caption.filter(|caption| caption.trim() != alt)),
        };
        Some(Self { link, words, caption })
    }
}

impl<'a> CreditView<'a> {
    fn new(credit: &'a Credit) -> Self {
        Self { name: &credit.name, url: credit.url.as_deref() }
    }
}

/// A picture as a body shows it, if it does, perhaps in another size. One that is lost is a link there.
fn shown<'p>(body: &Html, picture: &'p Picture) -> Option<Cow<'p, Picture>> {
    let body = body.as_str();
    let name = if picture.lost { "href" } else { "src" };
    if body.contains(&format!("{name}=\"{}\"", picture.src.replace('&', "&amp;"))) {
        return Some(Cow::Borrowed(picture));
    }
    if picture.lost || !picture.src.starts_with("http") {
        return None;
    }
    let wanted = picture_name(&picture.src);
    let sources = body.split("<img src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut sources = sources.take(MOST_COMPARED).map(|src| src.replace("&amp;", "&"));
    let src = sources.find(|src| picture_name(src) == wanted)?;
    Some(Cow::Owned(Picture { src, ..picture.clone() }))
}

/// An introduction, if there is one, fitted under a heading of the second level; its ids begin with `id_prefix`.
pub(super) fn introduction<'a>(
    intro: Option<&'a Html>,
    id_prefix: &str,
    addresses: &Addresses<'_>,
) -> Option<Cow<'a, str>> {
    let intro = intro.filter(|intro| !intro.is_empty())?;
    let Addresses { assets, landing, .. } = *addresses;
    Some(fit(intro, &Fit { assets, files: &addresses.files(), top_heading: 3, id_prefix, landing }))
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::model::{Html, Picture};

    #[test]
    fn a_picture_in_another_size_is_shown_already() {
        let body =
            Html::from_sanitised("<p><img src=\"https://p.example/a-300x200.jpg?x&amp;w=1\" alt=\"\"></p>".to_owned());
        let picture = |src: &str, lost| Picture { src: src.to_owned(), alt: String::new(), caption: None, lost };
        let src = |src: &str, lost| shown(&body, &picture(src, lost)).map(|shown| shown.src.clone());
        let in_text = "https://p.example/a-300x200.jpg?x&w=1";
        assert_eq!(src("https://p.example/a.jpg?x", false).as_deref(), Some(in_text));
        assert_eq!(src(in_text, false).as_deref(), Some(in_text));
        assert_eq!(
            [src("https://p.example/b.jpg?x", false), src("https://p.example/a.jpg?x", true), src("a.jpg", false)],
            [None, None, None]
        );
    }
}
