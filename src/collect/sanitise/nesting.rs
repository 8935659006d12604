//! Elements inside of elements, up to a bound: a parser as browsers have it asks all open elements at each tag, so that
//! what is nested a hundred thousand deep would take hours. Browsers have such a bound, too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::tag::{Piece, Scanner};

/// No text that is meant to be read nests deeper.
const MAX_DEPTH: usize = 256;

/// So many elements of form are opened anew in each paragraph that follows, until they are closed.
const MAX_FORMS: usize = 16;

/// Elements that are never open (void), or that the next one of their kind ends.
const PASSING: [&str; 24] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li",
    "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
];

/// What HTML calls formatting elements (13.2.4.3): they stay open when the block around them ends.
const FORMS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements that end tags do not reach beyond.
const SCOPES: [&str; 9] = ["table", "button", "object", "marquee", "applet", "template", "select", "svg", "math"];

/// Elements that end alone; what is open in them stays.
const INLINE: [&str; 14] =
    ["span", "abbr", "cite", "q", "sub", "sup", "kbd", "samp", "var", "mark", "ins", "del", "label", "time"];

/// Elements whose contents are no markup.
const RAW: [&str; 7] = ["script", "style", "textarea", "title", "xmp", "iframe", "noframes"];

/// Drops the tags, not the text, of elements that are nested too deep.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    let mut nesting = Nesting::default();
    let mut out = String::new();
    let mut kept = 0;
    let mut scanner = Scanner::of_foreign(html);
    loop {
        let start = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let keep = match piece {
            Piece::Open { name, .. } if is_any(&RAW, name) => {
                scanner.skip_to_close(name);
                true
            }
            Piece::Open { name, .. } => nesting.open(name),
            Piece::Close { name } => nesting.close(name),
            Piece::Text(_) | Piece::Stray => true,
        };
        if !keep {
            out.push_str(&html[kept..start]);
            kept = scanner.at;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// The elements that a parser would have open. It may take some for open that are not, never the other way round.
#[derive(Default)]
struct Nesting<'a> {
    open: Vec<&'a str>,
    forms: usize,
    /// How many start tags of a name were dropped whose end tags are still to come.
    dropped: BTreeMap<String, usize>,
}

impl<'a> Nesting<'a> {
    /// Takes a start tag; says whether it is kept.
    fn open(&mut self, name: &'a str) -> bool {
        if is_any(&PASSING, name) {
            return true;
        }
        if is_any(&["a", "nobr"], name) {
            // A second one ends the first.
            self.forget(name);
        }
        let is_form = is_any(&FORMS, name);
        if self.open.len() >= MAX_DEPTH || (is_form && self.forms >= MAX_FORMS) {
            *self.dropped.entry(name.to_ascii_lowercase()).or_default() += 1;
            return false;
        }
        self.forms += usize::from(is_form);
        self.open.push(name);
        true
    }

    /// Takes an end tag; says whether it is kept.
    fn close(&mut self, name: &str) -> bool {
        if !self.dropped.is_empty()
            && let Some(count) = self.dropped.get_mut(&name.to_ascii_lowercase()).filter(|count| **count > 0)
        {
            *count -= 1;
            return false;
        }
        if is_any(&FORMS, name) || is_any(&INLINE, name) {
            self.forget(name);
        } else if let Some(at) = self.position(name) {
            let mut index = 0;
            self.open.retain(|open| {
                index += 1;
                index <= at || is_any(&FORMS, open)
            });
        }
        true
    }

    fn forget(&mut self, name: &str) {
        if let Some(at) = self.position(name) {
            self.open.remove(at);
            self.forms -= usize::from(is_any(&FORMS, name));
        }
    }

    /// Where the element stands that an end tag closes.
    fn position(&self, name: &str) -> Option<usize> {
        let at = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name) || is_any(&SCOPES, open))?;
        self.open[at].eq_ignore_ascii_case(name).then_some(at)
    }
}

fn is_any(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn what_people_write_stays() {
        let sloppy = "<p>a<p>b<li>c<a name=x>d<br>".repeat(500);
        let unclosed = format!("{}<p>x</p>", "<div><b>y</b></div></div>".repeat(500));
        for html in [sloppy.as_str(), unclosed.as_str(), "<script>\"<div>\"</script>", "a < b"] {
            assert_eq!(bounded(html), html);
        }
    }

    #[test]
    fn what_is_deep_loses_its_tags() {
        let html = format!("{}x{}<i>y</i>", "<div>".repeat(300), "</div>".repeat(300));
        let expected = format!("{}x{}<i>y</i>", "<div>".repeat(256), "</div>".repeat(256));
        assert_eq!(bounded(&html), expected);
    }

    #[test]
    fn tags_that_close_nothing_hide_no_depth() {
        for piece in
            ["<div></b>", "<b><div></b>", "<span><div></span>", "<div><table><tr><td></div>", "<rt>", "<p><i a=1>x"]
        {
            let html = piece.repeat(3000);
            let bounded = bounded(&html);
            let opens =
                bounded.matches("<div>").count() + bounded.matches("<rt>").count() + bounded.matches("<i ").count();
            assert!(opens <= 256, "{piece}: {opens}");
        }
    }
}
