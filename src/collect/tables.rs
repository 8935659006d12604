//! Rows of tables that have more bars than their table has columns: no cell of them goes.

use pulldown_cmark::{Event, Parser, Tag};

use super::body::options;
use super::traced::Traced;

/// Keeps bars in code from dividing cells, as kramdown does, and sets cells beyond the last column into that, where
/// `CommonMark` would leave them out. `None` where no row has too many.
pub(super) fn whole_rows(text: &str) -> Option<Traced> {
    if !text.contains('|') || !text.contains("--") {
        return None;
    }
    let mut escaped: Vec<usize> = Vec::new();
    let mut columns = 0;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => {
                let row = text[range.clone()].trim_end();
                escaped.extend(surplus(row, columns).into_iter().map(|at| range.start + at));
            }
            _ => {}
        }
    }
    if escaped.is_empty() {
        return None;
    }
    let mut out = Traced::with_capacity(text.len() + escaped.len());
    let mut from = 0;
    for at in escaped {
        out.copy(text, from..at);
        out.push('\\');
        from = at;
    }
    out.copy(text, from..text.len());
    Some(out)
}

/// The bars of a row that must not divide cells, so that there are no more of these than columns.
fn surplus(row: &str, columns: usize) -> Vec<usize> {
    let bars = dividing(row);
    if bars.len() < columns {
        return Vec::new();
    }
    let in_code = code_in(row);
    let is_in_code =
        |at: &usize| in_code.get(in_code.partition_point(|code| code.end <= *at)).is_some_and(|code| code.contains(at));
    let (coded, rest): (Vec<usize>, Vec<usize>) = bars.into_iter().partition(is_in_code);
    let beyond = rest.into_iter().skip(columns.saturating_sub(1));
    let mut surplus: Vec<usize> = coded.into_iter().chain(beyond).collect();
    surplus.sort_unstable();
    surplus
}

/// The bars that divide cells: neither escaped nor at the ends of the row.
fn dividing(row: &str) -> Vec<usize> {
    let is_free = |at: usize| !row[..at].ends_with('\\');
    let bars = row.match_indices('|').map(|(at, _)| at).filter(|at| is_free(*at));
    bars.filter(|at| *at > 0 && at + 1 < row.len()).collect()
}

/// Where spans of code stand in a row.
fn code_in(row: &str) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(start) = row[at..].find('`').map(|found| at + found) {
        let length = row[start..].len() - row[start..].trim_start_matches('`').len();
        let (fence, inside) = (&row[start..start + length], start + length);
        at = match row[inside..].find(fence) {
            Some(end) => {
                spans.push(start..inside + end + length);
                inside + end + length
            }
            None => inside,
        };
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::whole_rows;

    #[test]
    fn no_cell_of_a_row_goes() {
        let head = "| a | b |\n|---|---|\n";
        for (row, expected) in [
            ("| `x|y` | c |\n", Some("| `x\\|y` | c |\n")),
            ("| 1 | 2 | 3 |\n", Some("| 1 | 2 \\| 3 |\n")),
            ("1 | 2 | 3\n", Some("1 | 2 \\| 3\n")),
            ("| 1 | 2 |\n", None),
            ("| 1 |\n", None),
            ("| `x\\|y` | c |\n", None),
        ] {
            let changed = whole_rows(&format!("{head}{row}\n| no | table | here |\n"));
            let expected = expected.map(|row| format!("{head}{row}\n| no | table | here |\n"));
            assert_eq!(changed.as_deref(), expected.as_deref(), "{row}");
        }
        let html = crate::collect::body::to_html(&whole_rows(&format!("{head}| `x|y` | c |\n")).unwrap(), false).html;
        assert!(html.contains("<td><code>x|y</code></td><td>c</td>"), "{html}");
    }
}
