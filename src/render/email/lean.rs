//! What a mail can do without: room in it is short, and every reader is sent each byte.

use std::collections::HashSet;

use crate::model::next_tag;

/// A page whose styles are inlined, without the classes that no style sheet names which is still in it: those are for media
/// queries, and for Outlook in comments. What Gmail and Word know by a class stays, and so does all that is in comments.
/// Everything stays where a sheet asks for parts of names, or writes one with an escape.
pub(super) fn without_idle_classes(html: &str) -> String {
    let sheets: Vec<String> = sheets(html).collect();
    if sheets.iter().any(|sheet| sheet.contains('\\') || asks_for_parts(sheet)) {
        return html.to_owned();
    }
    let named: HashSet<&str> = sheets.iter().flat_map(|sheet| names(sheet)).collect();
    let stays = |class: &str| {
        let class = class.to_ascii_lowercase();
        named.contains(&*class) || class.starts_with("gmail_") || class.starts_with("mso")
    };
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<!--") {
        let (before, from) = rest.split_at(at);
        push_without(&mut out, before, stays);
        let (comment, after) = from.split_at(from.find("-->").unwrap_or(from.len()));
        out.push_str(comment);
        rest = after;
    }
    push_without(&mut out, rest, stays);
    out
}

/// Markup that has no comments, with those of its classes that stay.
fn push_without(out: &mut String, mut html: &str, stays: impl Fn(&str) -> bool) {
    while let Some((before, tag, after)) = next_tag(html) {
        out.push_str(before);
        match class_of(tag) {
            Some((start, classes, end)) => {
                let kept = classes.split_ascii_whitespace().filter(|class| stays(class)).collect::<Vec<_>>().join(" ");
                out.push_str(start);
                if !kept.is_empty() {
                    out.extend([" class=\"", &kept, "\""]);
                }
                out.push_str(end);
            }
            None => out.push_str(tag),
        }
        html = after;
    }
    out.push_str(html);
}

/// What stands in a tag before its classes, these, and what stands behind them. As it is written by whoever inlines styles:
/// each value between double quotes, which it holds none of.
fn class_of(tag: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    // Names stand before every other quote, and values behind.
    for (number, part) in tag.split('"').enumerate() {
        if number % 2 == 0 && part.ends_with(" class=") {
            let (start, rest) = tag.split_at(at + part.len() - " class=".len());
            let (classes, end) = rest.get(" class=\"".len()..)?.split_once('"')?;
            return Some((start, classes, end));
        }
        at += part.len() + 1;
    }
    None
}

/// The style sheets of a page, in small letters, those in comments among them.
fn sheets(html: &str) -> impl Iterator<Item = String> {
    let html = html.to_ascii_lowercase();
    let sheets: Vec<String> =
        html.split("<style").skip(1).map(|from| from.split("</style").next().unwrap_or(from).to_owned()).collect();
    sheets.into_iter()
}

/// Whether a selector looks into the attribute itself: `[class^="x"]`.
fn asks_for_parts(sheet: &str) -> bool {
    sheet.split('[').skip(1).any(|from| from.split(']').next().is_some_and(|within| within.contains("class")))
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
        let sheet = "<style>@media screen { .Kept, .mid-night>a { margin: .5em } }</style>\
                     <!--[if lte mso 11]><STYLE type=\"text/css\">.mj-outlook { width:100% }</STYLE><![endif]-->";
        for (html, expected) in [
            ("<p class=\"Kept\">a</p>", "<p class=\"Kept\">a</p>"),
            ("<p class=\"gone Kept  mid-night\" dir=\"rtl\">a</p>", "<p class=\"Kept mid-night\" dir=\"rtl\">a</p>"),
            ("<p id=\"a\" class=\"gone\" dir=\"rtl\">a</p>", "<p id=\"a\" dir=\"rtl\">a</p>"),
            ("<div class=\"mj-outlook kept-not\">a</div>", "<div class=\"mj-outlook\">a</div>"),
            ("<div class=\"gmail_quote mid\">a</div>", "<div class=\"gmail_quote\">a</div>"),
            ("<p class=\"MsoNormal mid\">a</p>", "<p class=\"MsoNormal\">a</p>"),
            ("<p title=\"a > b\" class=\"gone\">a</p>", "<p title=\"a > b\">a</p>"),
            ("<p hidden class=\"gone\">a</p>", "<p hidden>a</p>"),
            // What a reader is shown is no tag, and no attribute.
            ("<code>&lt;p class=\"gone\"&gt;</code>", "<code>&lt;p class=\"gone\"&gt;</code>"),
            ("<img alt=\"write class=\" width=\"9\">", "<img alt=\"write class=\" width=\"9\">"),
            ("<img alt=\"a class=\" class=\"gone\" width=\"9\">", "<img alt=\"a class=\" width=\"9\">"),
            ("<img data-class=\"gone\" alt=\" class=x\">", "<img data-class=\"gone\" alt=\" class=x\">"),
            // Outlook is given what was written for it.
            (
                "<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <",
                "<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <",
            ),
            ("<!-- 5\" nails --><p class=\"gone\">a</p>", "<!-- 5\" nails --><p>a</p>"),
        ] {
            assert_eq!(without_idle_classes(&format!("{sheet}{html}")), format!("{sheet}{expected}"));
        }
    }

    #[test]
    fn all_stay_where_what_a_sheet_names_is_not_clear() {
        for selector in ["[class^=\"go\"]", "[ CLASS~=go ]", "[*|class]", ".sm\\:hidden", ".\\31 00"] {
            let html = format!("<style>@media print {{ {selector} {{ top: 0 }} }}</style><p class=\"gone\">a</p>");
            assert_eq!(without_idle_classes(&html), html);
        }
    }

    #[test]
    fn without_a_sheet_there_is_no_use_for_any() {
        assert_eq!(without_idle_classes("<p class=\"gone\">a</p>"), "<p>a</p>");
    }
}
