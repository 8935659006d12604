//! What a mail can do without: room in it is short, and every reader is sent each byte.

use std::collections::HashSet;

use crate::model::next_tag;

const CLASS: &str = " class=\"";

/// A page whose styles are inlined, without the classes that no style sheet names which is still in it: those are for media
/// queries, and for Outlook in comments. What Gmail itself knows by a class stays, and everything does where a sheet asks for
/// parts of names.
pub(super) fn without_idle_classes(html: &str) -> String {
    let sheets: Vec<&str> = sheets(html).collect();
    if sheets.iter().any(|sheet| sheet.contains("[class")) {
        return html.to_owned();
    }
    let named: HashSet<&str> = sheets.into_iter().flat_map(names).collect();
    let stays = |class: &&str| named.contains(class) || class.starts_with("gmail_");
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag, after)) = next_tag(rest) {
        out.push_str(before);
        push(&mut out, tag, stays);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A tag with those of its classes that stay.
fn push(out: &mut String, tag: &str, stays: impl Fn(&&str) -> bool) {
    let cut = tag.split_once(CLASS).and_then(|(start, value)| Some((start, value.split_once('"')?)));
    let Some((start, (classes, end))) = cut else { return out.push_str(tag) };
    out.push_str(start);
    let kept = classes.split_ascii_whitespace().filter(stays).collect::<Vec<_>>().join(" ");
    if !kept.is_empty() {
        out.extend([CLASS, &kept, "\""]);
    }
    out.push_str(end);
}

/// The style sheets of a page, those in comments among them.
fn sheets(html: &str) -> impl Iterator<Item = &str> {
    html.split("<style").skip(1).filter_map(|from| from.split_once("</style")).map(|(sheet, _)| sheet)
}

/// The names that follow a dot: each class of a selector, and here and there a word that is none.
fn names(sheet: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || !c.is_ascii();
    sheet.split('.').skip(1).map(move |from| from.split(|c| !is_part(c)).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::without_idle_classes;

    #[test]
    fn a_class_that_no_sheet_names_goes() {
        let sheet = "<style>@media screen { .kept, .mid-night>a { margin: .5em } }</style>\
                     <!--[if lte mso 11]><style type=\"text/css\">.mj-outlook { width:100% }</style><![endif]-->";
        for (html, expected) in [
            ("<p class=\"kept\">a</p>", "<p class=\"kept\">a</p>"),
            ("<p class=\"gone kept  mid-night\" dir=\"rtl\">a</p>", "<p class=\"kept mid-night\" dir=\"rtl\">a</p>"),
            ("<p id=\"a\" class=\"gone\" dir=\"rtl\">a</p>", "<p id=\"a\" dir=\"rtl\">a</p>"),
            ("<div class=\"mj-outlook kept-not\">a</div>", "<div class=\"mj-outlook\">a</div>"),
            ("<div class=\"gmail_quote mid\">a</div>", "<div class=\"gmail_quote\">a</div>"),
            ("<p title=\"a > b\" class=\"gone\">a</p>", "<p title=\"a > b\">a</p>"),
            // What a reader is shown is no tag.
            ("<code>&lt;p class=\"gone\"&gt;</code>", "<code>&lt;p class=\"gone\"&gt;</code>"),
            ("<!--[if mso | IE]><td class=\"gone\"><![endif]-->5\" <", "<!--[if mso | IE]><td><![endif]-->5\" <"),
        ] {
            assert_eq!(without_idle_classes(&format!("{sheet}{html}")), format!("{sheet}{expected}"));
        }
    }

    #[test]
    fn all_stay_where_a_sheet_asks_for_parts_of_names() {
        let html = "<style>@media print { [class^=\"go\"] { display: none } }</style><p class=\"gone\">a</p>";
        assert_eq!(without_idle_classes(html), html);
    }

    #[test]
    fn without_a_sheet_there_is_no_use_for_any() {
        assert_eq!(without_idle_classes("<p class=\"gone\">a</p>"), "<p>a</p>");
    }
}
