//! Markup that was sanitised before, with links that lead elsewhere.

use memchr::memchr;

use super::tag::{Piece, Scanner, attribute, push_escaped};
use crate::model::Html;

/// The same markup with the links of which `other` knows that they should lead elsewhere; `None` where there is none. Only
/// those to a part of a page are asked about.
pub(in crate::collect) fn relinked(html: &Html, other: &mut dyn FnMut(&str) -> Option<String>) -> Option<Html> {
    const HREF: &str = " href=\"";
    let text = html.as_str();
    memchr(b'#', text.as_bytes())?;
    let mut scanner = Scanner::new(text);
    let (mut out, mut copied) = (String::new(), 0);
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let Piece::Open { name: "a", attributes } = piece else { continue };
        let Some(href) = attribute(attributes, "href").filter(|href| href.contains('#')) else { continue };
        let Some(address) = other(&href) else { continue };
        let Some(start) = text[from..scanner.at].find(HREF).map(|at| from + at + HREF.len()) else { continue };
        out.push_str(&text[copied..start]);
        push_escaped(&mut out, &address);
        copied = start + text[start..].find('"').unwrap_or(0);
    }
    (copied > 0).then(|| Html::from_sanitised(out + &text[copied..]))
}
