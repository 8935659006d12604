//! kramdown's `<div markdown="1">`: Markdown inside an HTML block.

use super::traced::Traced;

/// Elements that hold paragraphs.
const BLOCKS: [&str; 11] =
    ["div", "section", "aside", "article", "details", "figure", "blockquote", "header", "footer", "main", "nav"];

/// Sets the insides of HTML blocks with `markdown="1"` off by empty lines and takes their indentation off, so that
/// `CommonMark` reads them as Markdown too. `None` when there are none.
pub(super) fn open_blocks(text: &str) -> Option<Traced> {
    if !text.contains("markdown=\"1\"") && !text.contains("markdown='1'") {
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
        if let Some(name) = opening(trimmed) {
            let close = format!("</{name}>");
            let begins = trimmed.find('>').map_or(trimmed.len(), |at| at + 1);
            out.push('\n');
            let inside = trimmed[begins..].strip_suffix(&close);
            if let Some(inside) = inside.filter(|_| BLOCKS.contains(&&*name.to_ascii_lowercase())) {
                // All on one line.
                let (from, to) = (within.start + begins, within.start + begins + inside.len());
                out.copy(text, within.start..from);
                out.push_str("\n\n");
                out.copy(text, from..to);
                out.push_str("\n\n");
                out.copy(text, to..within.end);
            } else {
                out.copy(text, within);
                if inside.is_none() {
                    open.push(name.to_owned());
                }
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

/// The name of an element that opens on this line with `markdown="1"`.
fn opening(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('<')?;
    let tag = &rest[..rest.find('>')?];
    let asks = tag.contains("markdown=\"1\"") || tag.contains("markdown='1'");
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    (asks && end > 0).then(|| &tag[..end])
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
    }
}
