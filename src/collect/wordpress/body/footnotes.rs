//! The notes of the block editor. Their texts stand in a value beside the body (`footnotes` of the post's meta), as JSON;
//! the block of this name says where they are shown.

use serde::Deserialize;

use crate::collect::headed_notes::SECTION;
use crate::model::escaped;

#[derive(Deserialize)]
struct Note {
    id: String,
    /// As HTML.
    content: String,
}

/// The notes as a section, when there are any.
pub(super) fn section(notes: &str) -> Option<String> {
    let notes: Vec<Note> = serde_json::from_str(notes.trim()).ok().filter(|notes: &Vec<Note>| !notes.is_empty())?;
    let mut html = format!("{SECTION}<ol>\n");
    for note in notes {
        let id = escaped(&note.id);
        html.extend(["<li id=\"", &id, "\">", &note.content, " <a href=\"#", &id, "-link\" class=\"footnote-back\">"]);
        html.push_str("\u{21a9}\u{fe0e}</a></li>\n");
    }
    html.push_str("</ol>\n</section>\n");
    Some(html)
}

/// Gives the references to notes the class that the outputs know.
pub(super) fn referred(html: String) -> String {
    if html.contains("data-fn=") { html.replace("\" class=\"fn\">", "\" class=\"footnote-reference\">") } else { html }
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn notes_are_a_section() {
        let html = section("[{\"id\":\"a-1\",\"content\":\"A <em>note</em>\"}]").unwrap();
        assert!(html.contains("<li id=\"a-1\">A <em>note</em> <a href=\"#a-1-link\""), "{html}");
        assert_eq!((section("[]"), section("soon"), section("")), (None, None, None));
    }
}
