//! Pictures with a caption that are written as a table, as Blogger has them: its class says so.

use std::borrow::Cow;

use super::beside::side;
use super::tag::{Piece, Scanner, attribute};

/// The class of such a table, and of the cell in it that is the caption.
const TABLE: &str = "tr-caption-container";
const CAPTION: &str = "tr-caption";

/// Makes figures of such tables.
pub(super) fn figures(html: &str) -> Cow<'_, str> {
    if !html.contains(TABLE) {
        return Cow::Borrowed(html);
    }
    let mut out = String::new();
    let mut kept = 0;
    let mut scanner = Scanner::of_foreign(html);
    loop {
        let before = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let Piece::Open { name, attributes } = piece else { continue };
        if !name.eq_ignore_ascii_case("table") || !has_class(attributes, TABLE) {
            continue;
        }
        let mut inside = scanner.clone();
        let Some(figure) = figure(html, &mut inside) else { continue };
        out.push_str(&html[kept..before]);
        let class = side(attributes).map(|side| format!(" class=\"{side}\"")).unwrap_or_default();
        out.extend(["<figure", &class, ">", &figure, "</figure>"]);
        scanner = inside;
        kept = scanner.at;
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// What such a table holds, up to its end; `None` where it is no picture with a caption.
fn figure(html: &str, scanner: &mut Scanner<'_>) -> Option<String> {
    let (mut shown, mut said) = (String::new(), String::new());
    let mut cell: Option<(usize, bool)> = None;
    loop {
        let before = scanner.at;
        match scanner.next()? {
            Piece::Open { name, .. } if name.eq_ignore_ascii_case("table") => return None,
            Piece::Open { name, attributes } if name.eq_ignore_ascii_case("td") => {
                cell = Some((scanner.at, has_class(attributes, CAPTION)));
            }
            Piece::Close { name } if name.eq_ignore_ascii_case("td") => {
                let (begins, is_caption) = cell.take()?;
                let into = if is_caption { &mut said } else { &mut shown };
                into.push_str(html[begins..before].trim());
            }
            Piece::Close { name } if name.eq_ignore_ascii_case("table") => break,
            _ => {}
        }
    }
    let caption = if said.is_empty() { said } else { format!("<figcaption>{said}</figcaption>") };
    shown.contains("<img").then(|| shown + &caption)
}

fn has_class(attributes: &str, wanted: &str) -> bool {
    attribute(attributes, "class").is_some_and(|classes| classes.split_ascii_whitespace().any(|class| class == wanted))
}

#[cfg(test)]
mod tests {
    use super::figures;

    const PICTURE: &str = "<a href=\"b.jpg\"><img src=\"a.jpg\"/></a>";

    fn table(attributes: &str, caption: &str) -> String {
        format!(
            "<table class=\"tr-caption-container\"{attributes}><tbody>\n<tr><td style=\"text-align: center;\">{PICTURE}</td></tr>\n\
             <tr><td class=\"tr-caption\">{caption}</td></tr></tbody></table>"
        )
    }

    #[test]
    fn a_picture_in_a_table_is_a_figure() {
        let caption = "The <i>press</i>, 1893";
        let figure = format!("{PICTURE}<figcaption>{caption}</figcaption></figure>");
        assert_eq!(figures(&format!("a{}b", table("", caption))), format!("a<figure>{figure}b"));
        let floats = table(" style=\"float: right; margin-left: 1em;\"", caption);
        assert_eq!(figures(&floats), format!("<figure class=\"alignright\">{figure}"));
        assert_eq!(figures(&table("", "")), format!("<figure>{PICTURE}</figure>"));
        for other in
            [table("", "<table></table>"), table("", "x").replace("</table>", ""), table("", "x").replace("<img", "<i")]
        {
            assert_eq!(figures(&other), other);
        }
    }
}
