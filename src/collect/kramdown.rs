//! kramdown's `<div markdown="1">`, `markdown="block"` and `markdown="span"`: Markdown inside an HTML block.

use super::liquid::figure;
use super::traced::Traced;

/// Elements that hold paragraphs.
const BLOCKS: [&str; 11] =
    ["div", "section", "aside", "article", "details", "figure", "blockquote", "header", "footer", "main", "nav"];

/// Sets the insides of HTML blocks with `markdown="1"` and the like off by empty lines and takes their indentation off, so that
/// `CommonMark` reads them as Markdown too. `None` when there are none.
pub(super) fn open_blocks(text: &str) -> Option<Traced> {
    if !text.contains(" markdown=") {
        return None;
    }
    let mut out = Traced::with_capacity(text.len() + 256);
    // The names of the open blocks, innermost last.
    let mut open: Vec<String> = Vec::new();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let trimmed = line.trim();
        let from = end - line.trim_start().len();
        let within = from..from + trimmed.len();
        if let Some((name, is_span)) = opening(trimmed) {
            let close = format!("</{name}>");
            let begins = trimmed.find('>').map_or(trimmed.len(), |at| at + 1);
            out.push('\n');
            let inside = trimmed[begins..].strip_suffix(&close);
            let holds_blocks = BLOCKS.contains(&&*name.to_ascii_lowercase()) && !is_span;
            if let Some(inside) = inside.filter(|_| !holds_blocks) {
                // Words alone.
                let to = within.start + begins + inside.len();
                out.copy(text, within.start..within.start + begins);
                out.push_str(&figure::inline(inside));
                out.copy(text, to..within.end);
            } else if let Some(inside) = inside {
                // All on one line.
                let (from, to) = (within.start + begins, within.start + begins + inside.len());
                out.copy(text, within.start..from);
                out.push_str("\n\n");
                out.copy(text, from..to);
                out.push_str("\n\n");
                out.copy(text, to..within.end);
            } else {
                out.copy(text, within);
                open.push(name.to_owned());
            }
            out.push_str("\n\n");
        } else if open.is_empty() {
            out.copy(text, end - line.len()..end);
        } else if open.last().is_some_and(|name| trimmed == format!("</{name}>")) {
            open.pop();
            out.push('\n');
            out.copy(text, within);
            out.push_str("\n\n");
        } else {
            let line = line.strip_prefix("    ").or_else(|| line.strip_prefix("  ")).unwrap_or(line);
            out.copy(text, end - line.len()..end);
            // A picture alone on its line would make the lines below it HTML as well.
            if trimmed.starts_with("<img") && trimmed.ends_with('>') {
                out.push('\n');
            }
        }
    }
    Some(out)
}

/// The name of an element that opens on this line with `markdown="1"`, `="block"` or `="span"`, and whether it holds words
/// alone.
fn opening(line: &str) -> Option<(&str, bool)> {
    let rest = line.strip_prefix('<')?;
    let tag = &rest[..rest.find('>')?];
    let value = tag.split_once(" markdown=")?.1.trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
    let is_span = match &value[..end] {
        "1" | "block" => false,
        "span" => true,
        _ => return None,
    };
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    (end > 0).then(|| (&tag[..end], is_span))
}

#[cfg(test)]
mod tests {
    use super::open_blocks;

    #[test]
    fn markdown_in_html_is_markdown() {
        let text = "<aside markdown=\"1\" class=\"pull\">\n  <img src=\"a.png\" alt=\"\">\n  A [link](https://a.example/).\n</aside>\n";
        assert_eq!(
            crate::collect::body::to_html(&open_blocks(text).unwrap(), false).html,
            "<aside markdown=\"1\" class=\"pull\">\n<img src=\"a.png\" alt=\"\">\n<p>A <a href=\"https://a.example/\">link</a>.</p>\n</aside>\n"
        );
        assert_eq!(
            crate::collect::body::to_html(&open_blocks("<div markdown=\"1\">*a*</div>\nb\n").unwrap(), false).html,
            "<div markdown=\"1\">\n<p><em>a</em></p>\n</div>\n<p>b</p>\n"
        );
        let html = |text: &str| crate::collect::body::to_html(&open_blocks(text).unwrap(), false).html;
        for (text, expected) in [
            ("<p markdown=\"1\">**b**</p>\n", "<p markdown=\"1\"><strong>b</strong></p>\n"),
            ("<div markdown='span'>*s*</div>\n", "<div markdown='span'><em>s</em></div>\n"),
            ("<div markdown=1>\n- li\n</div>\n", "<div markdown=1>\n<ul>\n<li>li</li>\n</ul>\n</div>\n"),
            (
                "<div markdown=\"block\">\n**a**\n</div>\n",
                "<div markdown=\"block\">\n<p><strong>a</strong></p>\n</div>\n",
            ),
        ] {
            assert_eq!(html(text), expected);
        }
        assert!(open_blocks("<p markdown=\"0\">**b**</p>").is_none_or(|text| text.contains("**b**")));
    }
}
