//! What kind of note it is, in words: `> [!WARNING]` without a title says it by its class, of which style sheets make a colour, and
//! colour alone tells nothing to many (WCAG 2.2, 1.4.1; ISO 14289-1, 7.1).

use std::borrow::Cow;

use handlebars::html_escape;

use super::excerpt::plain_text;
use crate::model::{Language, next_tag};
use crate::templates::Strings;

/// The kinds, as classes have them and as keys of words.
const KINDS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// What GitHub has before the kind in a class.
const ALERT: &str = "markdown-alert-";

/// How the attribute begins.
const CLASS: &str = "class=\"";

/// Elements that are notes by such a class.
const NOTES: [&str; 4] = ["blockquote", "div", "aside", "section"];

/// How much of a note is looked at, in bytes.
const BEGINNING: usize = 400;

/// Markup in a language in which each note without a title has the word for its kind as one, as titles of notes are written.
pub(super) fn named<'h>(html: Cow<'h, str>, language: &Language, strings: &Strings) -> Cow<'h, str> {
    // Few texts have a class, and many the words.
    if !html.contains(CLASS) || !KINDS.iter().any(|kind| html.contains(kind)) {
        return html;
    }
    let (mut out, mut rest) = (String::new(), &*html);
    let mut copied = 0;
    while let Some((_, tag, after)) = next_tag(rest) {
        rest = after;
        let Some(kind) = kind(tag).filter(|_| !is_titled(after, strings)) else { continue };
        let own = tag.split_once(" lang=\"").and_then(|(_, own)| own.split('"').next());
        let Some((words, other)) = strings.spoken(own.unwrap_or(language.as_str()), kind) else { continue };
        // Whose own words lack it does without: English inside of their text would be worse.
        if other.is_some() && strings.languages().any(|known| known.is_same(language)) {
            continue;
        }
        let marked = |other: &Language| format!(" lang=\"{other}\" dir=\"{}\"", other.direction().as_str());
        let at = html.len() - after.len();
        out.push_str(&html[copied..at]);
        copied = at;
        let marked = other.map(marked).unwrap_or_default();
        out.extend(["<p><strong", &marked, ">", &html_escape(words), "</strong></p>"]);
    }
    if copied == 0 {
        return html;
    }
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

/// The kind of note that a tag begins: of several the most pressing.
fn kind(tag: &str) -> Option<&'static str> {
    let (name, attributes) = tag.strip_prefix('<')?.split_once(' ')?;
    let (_, classes) = attributes.split_once(CLASS).filter(|_| NOTES.contains(&name))?;
    let classes = classes.split('"').next()?.split(' ').map(|class| class.strip_prefix(ALERT).unwrap_or(class));
    classes.filter_map(|class| KINDS.iter().position(|kind| *kind == class)).max().map(|kind| KINDS[kind])
}

/// What stands behind the title of a note on its line.
const ENDS: [char; 3] = [':', '\u{ff1a}', '\u{61b}'];

/// What stands behind the word for a kind that is a title.
const BEHIND: [char; 8] = [':', '\u{ff1a}', '!', '\u{ff01}', '.', '\u{2013}', '\u{2014}', '-'];

/// Whether a note begins with a heading, with a line in bold letters, or with the word for a kind.
fn is_titled(note: &str, strings: &Strings) -> bool {
    let end = (0..=note.len().min(BEGINNING)).rev().find(|at| note.is_char_boundary(*at)).unwrap_or(0);
    let mut begins = note[..end].trim_start();
    while let Some((_, inside)) = begins.strip_prefix("<div").and_then(|rest| rest.split_once('>')) {
        begins = inside.trim_start();
    }
    if begins.starts_with("<h") && !begins.starts_with("<hr") || begins.starts_with("<summary") {
        return true;
    }
    let inside = begins.strip_prefix("<p").and_then(|rest| rest.split_once('>')).map_or(begins, |(_, inside)| inside);
    let is_bold = |name: &str| {
        let bold = inside.trim_start().strip_prefix('<')?.strip_prefix(name)?.strip_prefix('>')?;
        let (words, behind) = bold.split_once(&format!("</{name}>"))?;
        let is_line = ["</p>", "<p", "<br"].iter().any(|end| behind.trim_start().starts_with(end));
        Some(is_line || words.trim_end().ends_with(ENDS) || behind.trim_start().starts_with(ENDS))
    };
    if is_bold("strong") == Some(true) || is_bold("b") == Some(true) {
        return true;
    }
    let text = plain_text(begins, 60).to_lowercase();
    // One word, in whichever language: `Hinweis: …`.
    if text.split_once(ENDS).is_some_and(|(word, _)| !word.is_empty() && word.chars().all(char::is_alphabetic)) {
        return true;
    }
    let said = |language: &Language| {
        let mut words = KINDS.iter().filter_map(|kind| strings.get(language, kind));
        words.any(|words| {
            // Not as the beginning of a sentence: "Note that …".
            let is_title = |rest: &str| rest.is_empty() || rest.trim_start().starts_with(BEHIND);
            text.strip_prefix(&words.to_lowercase()).is_some_and(is_title)
        })
    };
    strings.languages().any(said)
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::model::Language;
    use crate::templates::Templates;

    fn written(html: &str, language: &str) -> String {
        let templates = Templates::builtin();
        named(html.into(), &Language::parse(language).unwrap(), templates.strings()).into_owned()
    }

    #[test]
    fn a_note_without_a_title_says_its_kind() {
        for (language, tag, word) in [
            ("en", "blockquote class=\"markdown-alert-warning\"", "<strong>Warning</strong>"),
            ("fa", "div class=\"tip\"", "<strong>نکته</strong>"),
            ("ar-EG", "div id=\"a--b\" class=\"note alignleft\"", "<strong>ملاحظة</strong>"),
            ("sq", "div class=\"caution\"", "<strong>Kujdes</strong>"),
            ("en", "div class=\"note warning\"", "<strong>Warning</strong>"),
            ("fa", "div class=\"note\" lang=\"en\" dir=\"ltr\"", "<strong>Note</strong>"),
            ("he", "section class=\"important\"", "<strong lang=\"en\" dir=\"ltr\">Important</strong>"),
        ] {
            let html = format!("<p>a</p><{tag}>\n<p>Do <em>not</em>.</p></x><p>b</p>");
            let expected = html.replace(&format!("{tag}>"), &format!("{tag}><p>{word}</p>"));
            assert_eq!(written(&html, language), expected);
        }
        let nested = "<div class=\"tip\"><div class=\"note\"><p>a</p></div></div>";
        assert_eq!(
            written(nested, "en"),
            "<div class=\"tip\"><p><strong>Tip</strong></p><div class=\"note\"><p><strong>Note</strong></p><p>a</p></div></div>"
        );
    }

    #[test]
    fn what_has_a_title_or_is_no_note_stays_as_it_is() {
        for html in [
            "<div class=\"warning\"><p><strong>Hot</strong></p><p>a</p></div>",
            "<div class=\"warning\">\n<h3 id=\"a--hot\">Hot</h3><p>a</p></div>",
            "<div class=\"note\"><p>Note: a</p></div>",
            "<div class=\"note\"><p>هشدار! a</p></div>",
            "<p class=\"note\">a</p><ul><li class=\"task-list-item note\">b</li></ul><div title=\"class\">note</div>",
            "<blockquote><p>a warning</p></blockquote>",
            "<div class=\"note\"><p><strong>Heads up:</strong> a</p></div>",
            "<div class=\"note\"><p><b>Heads up</b>: a</p></div>",
            "<div class=\"note\"><strong>Heads up</strong><p>a</p></div>",
            "<div class=\"note\"><header><h4>Heads up</h4></header>a</div>",
            "<div class=\"note\"><div class=\"x\"><p><strong>Heads up</strong></p></div>a</div>",
            "<div class=\"note\"><p>Hinweis: a</p></div>",
        ] {
            assert_eq!(written(html, "en"), html);
        }
        assert!(written("<div class=\"tip\"><p>Tips.</p></div>", "en").contains("<strong>Tip</strong></p><p>Tips."));
        let sentence = "<div class=\"warning\"><p>Note that this erases all.</p></div>";
        assert!(written(sentence, "en").contains("<strong>Warning</strong></p><p>Note that"));
        let bold = "<div class=\"tip\"><p><strong>Do</strong> it.</p></div>";
        assert!(written(bold, "en").contains("<p><strong>Tip</strong></p><p><strong>Do</strong> it.</p>"));
    }

    #[test]
    fn many_notes_cost_no_more_than_their_length() {
        let start = std::time::Instant::now();
        written(&"<div class=\"note\"><i>".repeat(50_000), "en");
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
