//! Formulas between `$$` and `$$`, as kramdown has them: what stands in them is no Markdown.

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Parser, Tag};

use super::body::options;
use super::traced::Traced;

/// What stands before a formula and after it.
const SIGN: &str = "$$";

/// Escapes the signs of formulas, so that each stays as it is written. `None` where there is none.
pub(super) fn escaped(text: &str) -> Option<Traced> {
    let formulas = formulas(text);
    if formulas.is_empty() {
        return None;
    }
    let mut out = Traced::with_capacity(text.len() + text.len() / 8);
    let mut at = 0;
    for formula in formulas {
        for (sign, _) in text[formula.clone()].match_indices(|c: char| c.is_ascii_punctuation()) {
            out.copy(text, at..formula.start + sign);
            out.push('\\');
            at = formula.start + sign;
        }
    }
    out.copy(text, at..text.len());
    Some(out)
}

/// What stands between the signs, outside of code and blocks of HTML, within one paragraph.
pub(super) fn formulas(text: &str) -> Vec<Range<usize>> {
    if memmem::find_iter(text.as_bytes(), SIGN).nth(1).is_none() {
        return Vec::new();
    }
    let code = code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let mut formulas = Vec::new();
    let mut open: Option<usize> = None;
    for at in text.match_indices(SIGN).map(|(at, _)| at).filter(|at| !is_in_code(*at)) {
        let inside = open.map(|start| start..at);
        let is_formula = |range: &Range<usize>| {
            let formula = &text[range.clone()];
            !formula.trim().is_empty() && !formula.contains("\n\n") && !formula.contains("](")
        };
        match inside.filter(is_formula) {
            Some(formula) => {
                formulas.push(formula);
                open = None;
            }
            None => open = Some(at + SIGN.len()),
        }
    }
    formulas
}

/// Where code and blocks of HTML stand, in order: nothing is escaped there.
pub(super) fn code(text: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, options()).into_offset_iter();
    let mut ranges: Vec<Range<usize>> = events
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)))
        .map(|(_, range)| range)
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

#[cfg(test)]
mod tests {
    use super::escaped;
    use crate::collect::body::to_html;

    #[test]
    fn formulas_stay_as_they_are_written() {
        let html = |text: &str| to_html(escaped(text).as_deref().unwrap_or(text), false).html;
        for (text, expected) in [
            ("a $$p_1 *q* r_1$$ *b*", "<p>a $$p_1 *q* r_1$$ <em>b</em></p>\n"),
            ("$$\na &= b \\\\\n_c_ &= d\n- e\n$$\n", "<p>$$\na &amp;= b \\\\\n_c_ &amp;= d\n- e\n$$</p>\n"),
            ("<p>$$a_1$$</p>\n", "<p>$$a_1$$</p>\n"),
            ("`$$` *a* $$ b", "<p><code>$$</code> <em>a</em> $$ b</p>\n"),
            ("$$\n\n*a*\n\n$$", "<p>$$</p>\n<p><em>a</em></p>\n<p>$$</p>\n"),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }
}
