//! Addresses alone on a line: WordPress shows what they lead to, and we show a link.

use super::markup::{Markup, Token};

/// Elements inside of a line: text beside their tags is not alone.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "u",
];

/// Makes links of addresses that stand alone on a line, outside of links and code.
pub(super) fn linked(html: String) -> String {
    if !html.contains("http") {
        return html;
    }
    let markup = Markup::new(&html);
    let tokens = markup.tokens();
    let mut out = String::with_capacity(html.len() + 64);
    let mut within = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Tag { name: "a" | "code", closes, .. } => {
                within = if *closes { within.saturating_sub(1) } else { within + 1 };
            }
            Token::Text(text) if within == 0 && text.contains("http") => {
                let before = index.checked_sub(1).and_then(|index| tokens.get(index));
                let edges = (is_edge(before), is_edge(tokens.get(index + 1)));
                lines(text, edges, &mut out);
                continue;
            }
            _ => {}
        }
        out.push_str(token.raw());
    }
    out
}

/// Whether a line ends at this neighbour of a text.
fn is_edge(token: Option<&Token<'_>>) -> bool {
    match token {
        Some(Token::Tag { name, .. } | Token::Atom { name, .. }) => !INLINE.contains(name),
        _ => true,
    }
}

fn lines(text: &str, (before, after): (bool, bool), out: &mut String) {
    let count = text.split('\n').count();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let alone = (index > 0 || before) && (index + 1 < count || after);
        match address(line).filter(|_| alone) {
            Some(address) => {
                let start = line.len() - line.trim_start().len();
                out.push_str(&line[..start]);
                out.extend(["<a href=\"", address, "\">", address, "</a>"]);
                out.push_str(&line[start + address.len()..]);
            }
            None => out.push_str(line),
        }
    }
}

fn address(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.strip_prefix("https://").or_else(|| line.strip_prefix("http://"))?;
    let fits = !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>'));
    fits.then_some(line)
}
