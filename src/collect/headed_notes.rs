//! The heading that an author writes above the notes of a text. A list of notes is put where the text ends, so the heading would
//! stand before it, and stay there alone where the notes go to the feet of pages: it belongs to the list.

/// What the list begins with, wherever we write one.
pub(super) const SECTION: &str = "<section class=\"footnotes\">\n";

/// What such headings say, of letters alone, with the yeh and kaf of Persian.
const NAMES: [&str; 58] = [
    "anmerkungen",
    "dipnotlar",
    "endnote",
    "endnoten",
    "endnotes",
    "fotnoter",
    "footnote",
    "footnotes",
    "fusnota",
    "fusnotat",
    "fusnote",
    "fußnoten",
    "fussnoten",
    "merknader",
    "noten",
    "noter",
    "notas",
    "notasalpie",
    "notasderodapé",
    "note",
    "noteapièdipagina",
    "notes",
    "notesandreferences",
    "notesdebasdepage",
    "notesetréférences",
    "notesreferences",
    "notlar",
    "przypisy",
    "references",
    "referencesandnotes",
    "shënim",
    "shënime",
    "shënimet",
    "voetnoten",
    "σημειώσεις",
    "υποσημειώσεις",
    "виноски",
    "примечания",
    "примітки",
    "сноски",
    "הערות",
    "הערותשוליים",
    "الحواشی",
    "الهوامش",
    "حواشی",
    "هوامش",
    "پانوشت",
    "پانویس",
    "پاورقی",
    "پینوشت",
    "یادداشت",
    "각주",
    "주석",
    "注釈",
    "注释",
    "脚注",
    "腳註",
    "註釋",
];

/// What makes several of a word in Persian.
const SEVERAL: &str = "ها";

/// Takes the heading of each list of notes into it.
pub(super) fn taken_in(html: String) -> String {
    if !html.contains(SECTION) {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some(at) = rest.find(SECTION) {
        let (before, list) = (&rest[..at], &rest[at + SECTION.len()..]);
        let heading = last_heading(before).filter(|heading| names_notes(&before[heading.clone()]));
        let heading = heading.unwrap_or(at..at);
        out.push_str(&before[..heading.start]);
        out.push_str(SECTION);
        if !heading.is_empty() {
            out.extend([&before[heading], "\n"]);
        }
        rest = list;
    }
    out.push_str(rest);
    out
}

/// Where the heading stands that ends a text.
fn last_heading(html: &str) -> Option<std::ops::Range<usize>> {
    let end = html.trim_end();
    let level = end.strip_suffix('>')?.chars().next_back().filter(|level| ('1'..='6').contains(level))?;
    let inner = end.strip_suffix('>')?.strip_suffix(level)?.strip_suffix("</h")?;
    let start = inner.rfind("<h")?;
    inner[start + 2..].starts_with(level).then_some(start..end.len())
}

/// Whether a heading says that notes follow.
fn names_notes(heading: &str) -> bool {
    let mut is_tag = false;
    let heading = heading.replace("&amp;", " ");
    let letters = heading.chars().filter(|letter| {
        let was_tag = is_tag;
        is_tag = *letter == '<' || is_tag && *letter != '>';
        !was_tag && !is_tag && letter.is_alphabetic()
    });
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    let letters = letters.replace('ي', "ی").replace('ك', "ک");
    let is_name = |word: &str| NAMES.contains(&word);
    is_name(&letters) || letters.strip_suffix(SEVERAL).is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::taken_in;

    fn with(heading: &str) -> String {
        taken_in(format!("<p>Text</p>\n{heading}\n<section class=\"footnotes\">\n<ol></ol>\n</section>\n"))
    }

    #[test]
    fn a_heading_that_names_notes_stands_in_their_list() {
        for words in
            ["Footnotes", "Notes &amp; references:", "<em>脚注</em>", "پی‌نوشت‌ها", "الهوامش", "Shënime", "2. Fußnoten"]
        {
            let heading = format!("<h2 id=\"a\">{words}</h2>");
            let html = format!("<p>Text</p>\n<section class=\"footnotes\">\n{heading}\n<ol></ol>\n</section>\n");
            assert_eq!(with(&heading), html);
        }
    }

    #[test]
    fn what_else_stands_before_a_list_stays_there() {
        for words in [
            "<h2>Thanks for reading</h2>",
            "<h2>Notes</h2><p>Two.</p>",
            "<p>Notes</p>",
            "<h2>Notes</h3>",
            "Notes</h2>",
            "",
        ] {
            assert_eq!(
                with(words),
                format!("<p>Text</p>\n{words}\n<section class=\"footnotes\">\n<ol></ol>\n</section>\n")
            );
        }
    }
}
