//! What a page shows beside its words and nobody reads: signs for eyes alone (`aria-hidden`, WAI-ARIA 1.2, 6.6), formulas that are
//! drawn beside the same in words, the buttons and times of players. What plays or shows something is never taken for such, nor are
//! words that nothing says in their place.

use std::borrow::Cow;
use std::collections::HashMap;

use super::survey::{Within, survey};
use super::tag::{Piece, Scanner, attribute, is_void};

/// Classes of what players and viewers of some programs show around what they play and show: Ghost's.
const CONTROLS: [&str; 4] = ["kg-audio-player", "kg-video-player", "kg-video-overlay", "kg-toggle-card-icon"];

/// The class of a button that repeats a link.
const BUTTON: &str = "wp-block-file__button";

/// Classes of text for those who do not see the page.
const FOR_EARS: [&str; 5] = ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", MATHJAX];

/// That of them which has a formula, beside which nothing but the same is drawn.
const MATHJAX: &str = "MJX_Assistive_MathML";

/// Classes of icons, and how those of one begin in fonts of many. The words in such are their names.
const ICONS: [&str; 13] =
    ["icon", "icons", "fa", "fas", "far", "fab", "fal", "bi", "ti", "mdi", "glyphicon", "dashicons", "octicon"];
const FONTS: [&str; 7] = ["icon-", "fa-", "material-icons", "material-symbols", "glyphicon-", "dashicons-", "octicon-"];

/// The name of an icon is no longer, in bytes.
const LONGEST_NAME: usize = 30;

/// A number that a sign belongs to stands behind fewer tags.
const MOST_TAGS: usize = 8;

/// Classes of links to the heading in which they stand.
const ANCHORS: [&str; 7] =
    ["anchor", "header-anchor", "anchor-link", "heading-link", "headerlink", "hash-link", "permalink"];

/// What such a link says is no longer, in characters, unless it has one of those classes.
const LONGEST_ANCHOR: usize = 12;

/// Signs by which pages lead, open and close, beside words.
const SIGNS: &str = "+-\u{2212}\u{2013}\u{2014}\u{d7}\u{2715}\u{2716}\u{203a}\u{bb}\u{2039}\u{ab}>\u{2190}\u{2191}\u{2192}\u{2193}\u{2197}\u{2198}\u{21a9}\
                     \u{25b8}\u{25b6}\u{25be}\u{25bc}\u{25b2}\u{25b4}\u{2304}\u{23f7}#\u{b6}\u{a7}\u{1f517}\u{b7}\u{2022}|/";

/// Balanced markup without decoration; `tell` hears of the first words that are left out and said nowhere else, and of their tag.
pub(super) fn without(html: &str, tell: impl FnOnce(&str, &str)) -> Cow<'_, str> {
    let has = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
    if !["aria-hidden", "kg-", "lightbox", BUTTON].into_iter().any(has) {
        return Cow::Borrowed(html);
    }
    let mut reader = Reader {
        html,
        scanner: Scanner::new(html),
        known: survey(html, |attributes| is_candidate(attributes) || is_for_ears(attributes)),
        open: Vec::new(),
        heard: None,
        formulas: (None, None),
        told: None,
    };
    let (mut out, mut copied) = (String::new(), 0);
    while let Some(range) = reader.next_decoration() {
        out.push_str(&html[copied..range.0]);
        copied = range.1;
    }
    if let Some((tag, words)) = reader.told {
        tell(tag, &words);
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// Reads markup from one decoration to the next.
struct Reader<'h> {
    html: &'h str,
    scanner: Scanner<'h>,
    /// What is in the elements that may be decoration, and in those for ears, by where they begin.
    known: HashMap<usize, Within>,
    /// The elements that are open, each with whether words stand in it already.
    open: Vec<(&'h str, bool)>,
    /// Where the last element for ears ended, or the white space behind it, and its words.
    heard: Option<(usize, String)>,
    /// Where formulas last stood as `MathML`, and drawn, as `KaTeX` has them.
    formulas: (Option<usize>, Option<usize>),
    /// The first tag of what is left out with words of its own, and these.
    told: Option<(&'h str, String)>,
}

impl<'h> Reader<'h> {
    /// Where the next decoration begins and ends.
    fn next_decoration(&mut self) -> Option<(usize, usize)> {
        loop {
            let from = self.scanner.at;
            match self.scanner.next()? {
                Piece::Open { name, attributes } => {
                    if let Some(end) = self.opened(name, attributes, from) {
                        self.scanner.at = end;
                        return Some((from, end));
                    }
                }
                Piece::Close { name } => {
                    if let Some((_, has_words)) = self.open.pop_if(|(open, _)| *open == name) {
                        self.has_words(has_words);
                    }
                }
                Piece::Text(text) => {
                    let is_blank = text.trim().is_empty();
                    self.has_words(!is_blank);
                    let at = self.scanner.at;
                    if let Some(heard) = self.heard.as_mut().filter(|heard| is_blank && heard.0 == from) {
                        heard.0 = at;
                    }
                }
                Piece::Stray => self.has_words(true),
            }
        }
    }

    fn has_words(&mut self, has: bool) {
        if let Some((_, has_words)) = self.open.last_mut() {
            *has_words |= has;
        }
    }

    /// Where an element ends that begins here, if it is decoration.
    fn opened(&mut self, name: &'h str, attributes: &'h str, from: usize) -> Option<usize> {
        if name == "img" {
            let is_thumbnail = has_class(attributes, "kg-audio-thumbnail")
                && attribute(attributes, "src").is_none_or(|src| src.trim().is_empty());
            self.has_words(!is_thumbnail);
            return is_thumbnail.then_some(self.scanner.at);
        }
        if is_void(name) {
            return None;
        }
        if is_candidate(attributes)
            && let Some(within) = self.known.get(&from)
            && self.is_decoration(name, attributes, from, within)
        {
            let end = within.end;
            if is_for_eyes(attributes) && self.told.is_none() {
                let lost = self.lost(name, attributes, from, within);
                self.told = lost.map(|words| (&self.html[from..self.scanner.at], words));
            }
            return Some(end);
        }
        if is_for_ears(attributes) {
            self.heard = self.known.get(&from).map(|within| (within.end, within.words().unwrap_or_default()));
        }
        if has_class(attributes, "katex-mathml") {
            self.formulas.0 = Some(from);
        } else if has_class(attributes, "katex-html") {
            self.formulas.1 = Some(from);
        }
        self.open.push((name, false));
        None
    }

    fn is_decoration(&self, name: &str, attributes: &'h str, from: usize, within: &Within) -> bool {
        if within.shows {
            return false;
        }
        if CONTROLS.iter().any(|class| has_class(attributes, class)) {
            return true;
        }
        // WordPress has a button beside the name of a file, which leads there, too.
        if has_class(attributes, BUTTON) {
            return self.html[..from].trim_end().ends_with("</a>");
        }
        // The name and the size of the file that a picture of Discourse's leads to.
        if has_class(attributes, "meta") {
            return within.informs;
        }
        if has_class(attributes, "katex-html") && self.formulas.0 > self.formulas.1 {
            return true;
        }
        is_for_eyes(attributes) && self.is_for_eyes_alone(name, attributes, from, within)
    }

    /// Whether nothing is lost with an element that is hidden from ears.
    fn is_for_eyes_alone(&self, name: &str, attributes: &str, from: usize, within: &Within) -> bool {
        // Whole paragraphs are no signs.
        let Some(words) = within.words() else { return false };
        if words.is_empty() {
            return true;
        }
        if self.says_for_ears(from, within.end, &words) {
            return true;
        }
        let length = words.chars().count();
        let is_sign = length == 1 && words.chars().all(|c| SIGNS.contains(c));
        let (before, after) = (self.open.last().is_some_and(|(_, has_words)| *has_words), self.goes_on(within.end));
        if leads_to_anchor(name, attributes) {
            let is_anchor = ANCHORS.iter().any(|class| has_class(attributes, class));
            return is_sign || ((before || after) && (is_anchor || length <= LONGEST_ANCHOR));
        }
        let is_icon = is_name_of_icon(&words) && is_icon(attributes);
        // Between words a sign says something, at a number, and where it stands alone.
        is_icon || (is_sign && before != after && !self.is_at_number(from, within.end))
    }

    /// The words that are lost with an element for eyes alone, if any are.
    fn lost(&self, name: &str, attributes: &str, from: usize, within: &Within) -> Option<String> {
        let words = within.words().filter(|words| words.contains(char::is_alphanumeric))?;
        let is_said = has_class(attributes, "katex-html") || self.says_for_ears(from, within.end, &words);
        (name != "a" && !is_said).then_some(words)
    }
}

impl Reader<'_> {
    /// Whether an element for ears stands beside that says the same, or anything where eyes see a sign.
    fn says_for_ears(&self, from: usize, end: usize, words: &str) -> bool {
        let says = |heard: &str| {
            let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let [seen, heard] = [words, heard].map(letters);
            !heard.is_empty() && heard.contains(&seen)
        };
        if self.heard.as_ref().is_some_and(|(at, heard)| *at == from && says(heard)) {
            return true;
        }
        let mut scanner = self.scanner.clone();
        scanner.at = end;
        loop {
            let at = scanner.at;
            match scanner.next() {
                Some(Piece::Text(text)) if text.trim().is_empty() => {}
                Some(Piece::Open { attributes, .. }) if has_class(attributes, MATHJAX) => return true,
                Some(Piece::Open { attributes, .. }) if is_for_ears(attributes) => {
                    return self.known.get(&at).and_then(Within::words).is_some_and(|heard| says(&heard));
                }
                _ => return false,
            }
        }
    }

    /// Whether an element stands directly before a number, or behind a digit: `\u{2212}5`, `18+`.
    fn is_at_number(&self, from: usize, end: usize) -> bool {
        let mut before = &self.html[..from];
        if let Some(tag) = before.rfind('<').filter(|_| before.ends_with('>')) {
            // Behind the end of another element stands its last letter.
            before = if before[tag..].starts_with("</") { &before[..tag] } else { "" };
        }
        let mut scanner = self.scanner.clone();
        scanner.at = end;
        let behind = scanner.take(MOST_TAGS).find(|piece| !matches!(piece, Piece::Open { .. }));
        before.ends_with(char::is_numeric) || matches!(behind, Some(Piece::Text(text)) if is_number(text))
    }

    /// Whether the element goes on in which this place is.
    fn goes_on(&self, end: usize) -> bool {
        let mut scanner = self.scanner.clone();
        scanner.at = end;
        let next = scanner.find(|piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty()));
        matches!(next, Some(Piece::Text(_) | Piece::Open { .. } | Piece::Stray))
    }
}

fn leads_to_anchor(name: &str, attributes: &str) -> bool {
    name == "a" && attribute(attributes, "href").is_some_and(|href| href.starts_with('#'))
}

/// Whether a number begins here, perhaps with the sign of a currency or of a fraction.
fn is_number(text: &str) -> bool {
    let sign = |c: char| matches!(c, '$' | '.' | ',' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}');
    text.strip_prefix(sign).unwrap_or(text).starts_with(char::is_numeric)
}

/// Whether words may be the name of an icon, of which fonts make a picture: `arrow_back`.
fn is_name_of_icon(words: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (2..=LONGEST_NAME).contains(&words.len()) && words.bytes().all(is_of_name)
}

/// Whether an element has the class of an icon.
fn is_icon(attributes: &str) -> bool {
    attribute(attributes, "class").is_some_and(|classes| {
        classes.split_ascii_whitespace().any(|class| {
            ICONS.contains(&class)
                || FONTS.iter().any(|font| class.starts_with(font))
                || (class.ends_with("-icon") && !class.starts_with("has-") && !class.starts_with("with-"))
        })
    })
}

/// Whether it is worth looking at what is in an element.
fn is_candidate(attributes: &str) -> bool {
    !attributes.is_empty()
        && (is_for_eyes(attributes)
            || has_class(attributes, "meta")
            || has_class(attributes, BUTTON)
            || CONTROLS.iter().any(|class| has_class(attributes, class)))
}

fn is_for_eyes(attributes: &str) -> bool {
    attributes.contains("aria-hidden")
        && attribute(attributes, "aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

fn is_for_ears(attributes: &str) -> bool {
    FOR_EARS.iter().any(|class| has_class(attributes, class))
}

fn has_class(attributes: &str, class: &str) -> bool {
    attributes.contains(class)
        && attribute(attributes, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|own| own == class))
}

#[cfg(test)]
mod tests {
    use super::without as told;

    fn without(html: &str) -> std::borrow::Cow<'_, str> {
        told(html, |_, _| ())
    }

    #[test]
    fn what_is_there_for_eyes_alone_goes() {
        for (html, rest) in [
            ("<h2>A <a aria-hidden=\"true\" href=\"#a\">Link</a></h2>", "<h2>A </h2>"),
            ("<summary>A<span aria-hidden=\"true\">+</span></summary>", "<summary>A</summary>"),
            ("a<span class=\"material-icons\" aria-hidden=\"true\">favorite</span>", "a"),
            (
                "<span class=\"katex\"><span class=\"katex-mathml\">E=mc2</span><span class=\"katex-html\" aria-hidden=\"true\">\
                 <span>E</span>=mc2</span></span>",
                "<span class=\"katex\"><span class=\"katex-mathml\">E=mc2</span></span>",
            ),
            (
                "<span aria-hidden=\"true\">$9<sup>99</sup></span> <span class=\"sr-only\">$9.99</span>",
                " <span class=\"sr-only\">$9.99</span>",
            ),
            (
                "<span class=\"sr-only\">$9.99</span> <span aria-hidden=\"true\">$9<sup>99</sup></span>",
                "<span class=\"sr-only\">$9.99</span> ",
            ),
            ("<div class=\"kg-audio-player\"><span>0:00</span></div>a", "a"),
            ("<p><i aria-hidden=\"true\">\u{203a}</i> 5 %</p>", "<p> 5 %</p>"),
            ("<td>5</td><td><i aria-hidden=\"true\">\u{25be}</i>a</td>", "<td>5</td><td>a</td>"),
            ("<img src=\"\" alt=\"audio-thumbnail\" class=\"kg-audio-thumbnail\">a", "a"),
            (
                "<a class=\"lightbox\" href=\"x\"><img src=\"y\"><div class=\"meta\"><span class=\"informations\">9 KB</span></div></a>",
                "<a class=\"lightbox\" href=\"x\"><img src=\"y\"></a>",
            ),
            (
                "<div><a href=\"f\">A film</a><a href=\"f\" class=\"wp-block-file__button\">Download</a></div>",
                "<div><a href=\"f\">A film</a></div>",
            ),
        ] {
            assert_eq!(without(html), rest);
        }
    }

    #[test]
    fn words_and_pictures_stay() {
        for html in [
            "<span aria-label=\"The\"><span aria-hidden=\"true\">T</span>he</span>",
            "<p aria-hidden=\"true\">A whole sentence.</p>",
            "<span class=\"katex\"><span class=\"katex-html\" aria-hidden=\"true\">E</span></span>",
            "<a aria-hidden=\"true\" href=\"#a\"><img src=\"x\"></a>",
            "<span aria-hidden=\"false\">+</span>",
            "<div class=\"meta\">lightbox</div>",
            "<div><a href=\"f\" class=\"wp-block-file__button\">Download</a></div>",
            "<img src=\"a\" class=\"kg-audio-thumbnail\">",
            "<p>One: <span class=\"stars\" aria-hidden=\"true\">\u{2605}\u{2605}\u{2606}</span></p>",
            "<p>Settings <span aria-hidden=\"true\">\u{2192}</span> Export</p>",
            "<p>3 <span aria-hidden=\"true\">\u{d7}</span> 4 <b>cm</b></p>",
            "<p><b>3</b><span aria-hidden=\"true\">\u{d7}</span><b>4</b></p>",
            "<table><tr><td><span aria-hidden=\"true\">+</span></td></tr></table>",
            "<p>Done <g-emoji aria-hidden=\"true\">\u{1f389}</g-emoji></p>",
            "<p>a</p><div aria-hidden=\"true\"><iframe src=\"x\"></iframe></div>",
            "<p>a</p><div class=\"icon\" aria-hidden=\"true\"><video src=\"x\"></video></div>",
            "<p>a</p><div aria-hidden=\"true\"><picture><source srcset=\"a 1x\"></picture></div>",
            "<pre aria-hidden=\"true\">+---+</pre><p>a</p>",
            "<td><span aria-hidden=\"true\">\u{2212}</span>12 \u{b0}C</td>",
            "<p><span aria-hidden=\"true\">-</span><b>\u{6f5}</b> %</p>",
            "<p><span aria-hidden=\"true\">\u{2212}</span>\u{20ac}7</p>",
            "<p>18<span aria-hidden=\"true\">+</span></p>",
            "<p><b>18</b><span aria-hidden=\"true\">+</span></p>",
            "<span class=\"icon\" aria-hidden=\"true\">Sold-out</span> tickets",
            "<span class=\"fa\" aria-hidden=\"true\">\u{633}\u{644}\u{627}\u{645}</span>",
            "<span class=\"drop-icon\" aria-hidden=\"true\">O</span>nce",
            "<div class=\"item has-icon\" aria-hidden=\"true\"><p>Refunds</p></div>",
            "<div class=\"lexicon\" aria-hidden=\"true\"><p>Ink</p></div>",
            "<div class=\"icon\" aria-hidden=\"true\"><p>The answer is a long paragraph.</p></div>",
            "<div aria-hidden=\"true\"><p>An answer.</p></div><h3 class=\"sr-only\">Next question</h3>",
            "<span class=\"sr-only\">Answer:</span> <div aria-hidden=\"true\"><p>An answer.</p></div>",
            "<p><a href=\"#x\" aria-hidden=\"true\">A long text in a link to an anchor</a> a</p>",
            "<h2><a class=\"anchor\" href=\"#x\" aria-hidden=\"true\">On ink</a></h2>",
            "<b aria-hidden=\"true\">no end",
        ] {
            assert_eq!(without(html), html);
        }
    }

    #[test]
    fn words_that_are_left_out_are_told() {
        let heard = |html: &str| {
            let mut heard = None;
            told(html, |tag, words| heard = Some(format!("{tag} {words}")));
            heard
        };
        let icon = "<i class=\"material-icons\" aria-hidden=\"true\">";
        assert_eq!(heard(&format!("a{icon}arrow_back</i>")), Some(format!("{icon} arrow_back")));
        for silent in [
            "a<i class=\"fa fa-star\" aria-hidden=\"true\"></i>",
            "<b>a<i aria-hidden=\"true\">+</i></b>",
            "<span class=\"sr-only\">$9.99</span> <span aria-hidden=\"true\">$9<sup>99</sup></span>",
            "<h2>a<a href=\"#a\" aria-hidden=\"true\">Link</a></h2>",
            "<b class=\"katex-mathml\">E</b><b class=\"katex-html\" aria-hidden=\"true\">E</b>",
            "<p>a</p>",
        ] {
            assert_eq!(heard(silent), None, "{silent}");
        }
    }

    #[test]
    fn nesting_costs_no_more_than_its_length() {
        let begun = std::time::Instant::now();
        for inside in ["a ".repeat(500_000), "\u{d7}".to_owned(), " ".repeat(500_000)] {
            let (open, close) = ("<b class=\"icon\" aria-hidden=\"true\">".repeat(2000), "</b>".repeat(2000));
            without(&format!("a{open}{inside}{close}b"));
            without(&format!("<i class=\"sr-only\">a</i>{inside}{open}{close}{inside}"));
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
