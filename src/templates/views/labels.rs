//! The word above a note in a frame (`> [!WARNING]`) that has no title: without it only a colour tells what the note is. It is
//! put there when the text is shown, in the language of the text; what is kept of a text has none of it.

use std::borrow::Cow;

use super::Locale;
use super::excerpt::is_inline;
use super::label_words::says_itself;
use crate::model::{Language, is_unseen, next_tag};
use crate::templates::load::escape;

/// What stands before the key of its words in the class of a note, as the writer of Markdown has it.
const ALERT: &str = "markdown-alert-";
/// The beginning of the tag of such a note: others' elements of that class have words of their own.
const QUOTE: &str = "<blockquote ";
const CLASS: &str = " class=\"";
const LANG: &str = " lang=\"";

/// The keys of the words.
const KINDS: [&str; 5] = ["caution", "warning", "important", "tip", "note"];

/// How much of a note is looked at, in bytes of its markup. One that has not begun by then gets no word.
const LOOKED_AT: usize = 2000;
/// How many characters of its text are how it begins.
const BEGINNING: usize = 40;

/// Elements that have no end.
const VOID: [&str; 9] = ["br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"];
/// What a note that begins so has instead of the word: a title, an emphasis that stands for one, the word of an earlier reading of
/// the same text, or a picture.
const TITLES: [&str; 20] = [
    "strong", "b", "em", "i", "u", "mark", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "img", "svg", "video",
    "audio", "iframe", "object", "embed",
];
/// Text in these is what it is: its signs stand for nothing else.
const CODE: [&str; 4] = ["code", "pre", "kbd", "samp"];

/// The body of a text in `language` with a word above each note that needs one.
pub(super) fn labelled<'b>(body: Cow<'b, str>, language: &Language, locale: &Locale<'_>) -> Cow<'b, str> {
    if !body.contains(ALERT) {
        return body;
    }
    let (mut out, mut copied) = (String::new(), 0);
    // Which of the elements around name a language, and those languages.
    let (mut around, mut languages): (Vec<bool>, Vec<Language>) = (Vec::new(), Vec::new());
    let mut rest = &*body;
    while let Some((_, tag, after)) = next_tag(rest) {
        rest = after;
        if tag.starts_with("</") {
            if around.pop() == Some(true) {
                languages.pop();
            }
            continue;
        }
        let named = attribute(tag, LANG).and_then(Language::parse);
        if let Some(key) = kind(tag) {
            let own = named.as_ref().or(languages.last()).unwrap_or(language);
            if let Some(label) = label(key, rest, own, locale) {
                let end = body.len() - rest.len();
                out.extend([&body[copied..end], &label]);
                copied = end;
            }
        }
        if !VOID.contains(&name(tag)) {
            around.push(named.is_some());
            languages.extend(named);
        }
    }
    if copied == 0 {
        return body;
    }
    out.push_str(&body[copied..]);
    Cow::Owned(out)
}

/// The element that says of a note what it is; `None` where what stands `inside` says so, or nothing does.
fn label(key: &'static str, inside: &str, language: &Language, locale: &Locale<'_>) -> Option<String> {
    let beginning = beginning(inside)?;
    let (words, of_words) = locale.strings.spoken(language, key).filter(|(words, _)| !words.trim().is_empty())?;
    if says_itself(key, &beginning, locale.strings) {
        return None;
    }
    let foreign = of_words.primary() != language.primary();
    let lang = foreign.then(|| format!("{LANG}{of_words}\" dir=\"{}\"", of_words.direction().as_str()));
    let lang = lang.unwrap_or_default();
    Some(format!("<p class=\"note-kind\"{lang}><strong>{}</strong></p>", escape(words)))
}

/// The kind of note that a tag begins, if it does.
fn kind(tag: &str) -> Option<&'static str> {
    let class = attribute(tag, CLASS).filter(|_| tag.starts_with(QUOTE))?.strip_prefix(ALERT)?;
    KINDS.into_iter().find(|key| *key == class)
}

/// The first words of a note, of what stands in it and behind it; `None` where it has none, or a title.
fn beginning(inside: &str) -> Option<String> {
    let mut rest = head(inside);
    let (mut text, mut depth, mut code) = (String::new(), 0_usize, 0_usize);
    loop {
        let Some((before, tag, after)) = next_tag(rest) else {
            push(&mut text, rest.split('<').next().unwrap_or_default(), code > 0)?;
            break;
        };
        push(&mut text, before, code > 0)?;
        rest = after;
        let (name, is_begun) = (name(tag), !text.is_empty());
        let is_code = CODE.contains(&name);
        if tag.starts_with("</") {
            if depth == 0 {
                break;
            }
            (depth, code) = (depth - 1, code.saturating_sub(usize::from(is_code)));
        } else if is_begun && kind(tag).is_some() {
            // What is said in there says what that note is.
            break;
        } else if !is_begun && TITLES.contains(&name) {
            return None;
        } else if !VOID.contains(&name) {
            (depth, code) = (depth + 1, code + usize::from(is_code));
        }
        if is_begun && !is_inline(tag.trim_matches(['<', '>'])) && !text.ends_with(' ') {
            text.push(' ');
        }
        if text.chars().nth(BEGINNING).is_some() {
            break;
        }
    }
    let text: String = text.trim_end().chars().take(BEGINNING).collect();
    (!text.is_empty()).then_some(text)
}

/// As much of what stands in a note, and behind it, as is looked at.
fn head(inside: &str) -> &str {
    let end = (0..=inside.len().min(LOOKED_AT)).rev().find(|end| inside.is_char_boundary(*end));
    &inside[..end.unwrap_or_default()]
}

/// Adds a piece of text; `None` where the whole begins with a sign.
fn push(text: &mut String, piece: &str, is_code: bool) -> Option<()> {
    let is_first = text.is_empty();
    let piece = piece.replace("&nbsp;", " ");
    let mut seen = piece.chars().filter(|c| !is_unseen(*c));
    // No more than is looked at of the whole.
    let seen: String = seen.by_ref().skip_while(|c| is_first && c.is_whitespace()).take(2 * BEGINNING).collect();
    if is_first && !is_code && begins_with_sign(&seen) {
        return None;
    }
    text.push_str(&seen);
    Some(())
}

/// Whether text begins with an emoji, or with a sign that may stand for a word, perhaps in brackets.
fn begins_with_sign(text: &str) -> bool {
    let opens = |c: char| {
        matches!(c, '(' | '[' | '"' | '\'' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{2039}' | '\u{bf}' | '\u{a1}')
    };
    let mut rest = text.trim_start_matches(opens).chars();
    let (Some(first), second) = (rest.next(), rest.next()) else { return !text.is_empty() };
    // Letters in the shape of signs, and digits that become keys.
    let is_shape = matches!(first, '\u{2100}'..='\u{214f}' | '\u{2190}'..='\u{2bff}' | '\u{3200}'..='\u{32ff}' | '\u{1f000}'..='\u{1faff}');
    is_shape || !first.is_alphanumeric() || matches!(second, Some('\u{fe0e}' | '\u{fe0f}' | '\u{20e3}'))
}

fn name(tag: &str) -> &str {
    tag.trim_start_matches(['<', '/']).split([' ', '>', '/', '\n', '\t']).next().unwrap_or_default()
}

/// The value of the attribute that begins so in a tag.
fn attribute<'t>(tag: &'t str, begins: &str) -> Option<&'t str> {
    tag.split_once(begins)?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::path::PathBuf;
    use std::sync::LazyLock;
    use std::time::{Duration, Instant};

    use proptest::prelude::{Strategy, any, proptest};
    use proptest::{collection, prop_assert, prop_assert_eq, sample};

    use super::labelled;
    use crate::model::{Calendar, Language};
    use crate::templates::dates::Dates;
    use crate::templates::views::Locale;
    use crate::templates::{TemplateFile, Templates};

    static BUILTIN: LazyLock<Templates> = LazyLock::new(Templates::builtin);

    fn drawn(body: &str, language: &str, templates: &Templates) -> String {
        let language = Language::parse(language).unwrap();
        let dates = Dates::new(&language, Calendar::Gregorian, chrono_tz::UTC);
        let locale = Locale { language: &language, dates, strings: templates.strings() };
        labelled(Cow::Borrowed(body), &language, &locale).into_owned()
    }

    fn shown(body: &str, language: &str) -> String {
        drawn(body, language, &BUILTIN)
    }

    fn note(key: &str, inside: &str) -> String {
        format!("<p>a</p><blockquote class=\"markdown-alert-{key}\">{inside}</blockquote><p class=\"lead\">x</p>")
    }

    fn label(word: &str) -> String {
        format!("<p class=\"note-kind\"><strong>{word}</strong></p>")
    }

    #[test]
    fn a_note_without_a_title_says_what_it_is() {
        for (key, language, word) in [
            ("warning", "en", "Warning"),
            ("caution", "en-GB", "Caution"),
            ("important", "fa", "مهم"),
            ("tip", "sq", "Këshillë"),
            ("note", "ar-EG", "ملاحظة"),
        ] {
            for inside in [
                "\n<p>Do <strong>not</strong> drink.</p>\n",
                "<p>One</p><p>Two</p>",
                "<p dir=\"auto\"><a href=\"#x\">Read</a> it.</p>",
                "<p>“Hot”</p>",
                "<p><code>--force</code> deletes.</p>",
                "<ul>\n<li>One</li></ul>",
                "<pre><code>$ rm -rf *</code></pre>",
                "<table><thead><tr><th>A</th></tr></thead></table>",
                "<blockquote><p>Said</p></blockquote>",
            ] {
                let expected = note(key, &format!("{}{inside}", label(word)));
                assert_eq!(shown(&note(key, inside), language), expected);
                // And no more when it is read again, from a feed.
                let read = expected.replace(" class=\"note-kind\"", "");
                assert_eq!(shown(&read, language), read);
                assert_eq!(shown(&read, "he"), read);
            }
        }
    }

    #[test]
    fn the_word_is_in_the_language_of_the_note_or_marked() {
        let note = |word: &str| format!("<blockquote class=\"markdown-alert-tip\">{word}<p>x</p></blockquote>");
        let body = |persian: &str, english: &str| {
            let (persian, english) = (note(persian), note(english));
            format!("<p>a<br>b</p><div lang=\"fa\" dir=\"rtl\"><img src=\"x\" alt=\"\">{persian}</div>{english}")
        };
        assert_eq!(shown(&body("", ""), "en"), body(&label("راهنمایی"), &label("Tip")));
        let english = "<p class=\"note-kind\" lang=\"en\" dir=\"ltr\"><strong>Tip</strong></p>";
        assert_eq!(shown(&body("", ""), "he"), body(&label("راهنمایی"), english));
        // Words of a publication that lack some, and those of one that wants none.
        let own = |text: &str| {
            let (name, text) = ("strings/de.toml".to_owned(), text.to_owned());
            Templates::load(&[TemplateFile { path: PathBuf::from(&name), name, text }]).unwrap().value
        };
        assert_eq!(drawn(&note(""), "de", &own("tags = \"Themen\"\n")), note(english));
        assert_eq!(drawn(&note(""), "de", &own("tip = \"R & B\"\n")), note(&label("R &amp; B")));
        assert_eq!(drawn(&note(""), "de", &own("tip = \"\"\n")), note(""));
    }

    #[test]
    fn a_note_with_a_title_or_that_says_what_it_is_gets_no_word() {
        for inside in [
            "",
            "\n",
            "<p></p>",
            "\n<p><strong>Hot water</strong></p>\n<p>x</p>",
            "<p dir=\"auto\"><b>Hot</b> water</p>",
            "<p><a href=\"#x\"><em>Hot</em></a> water</p>",
            "<p><i></i> x</p>",
            "<ul><li><strong>Hot</strong></li></ul>",
            "<h4 id=\"a\">Hot water</h4><p>x</p>",
            "<p><img src=\"x\" alt=\"\"> x</p>",
            "<p>\u{26a0}\u{fe0f} Hot</p>",
            "<p>\u{2139}\u{fe0f} Hot</p>",
            "<p>1\u{fe0f}\u{20e3} Hot</p>",
            "<p>\u{200f}! Hot</p>",
            "<p>[!] Hot</p>",
            "<p>&nbsp;\u{1f525}</p>",
            "<p>Warning: hot water.</p>",
            "<p>WARNING</p><p>Hot water.</p>",
            "<p>Please read the warnings.</p>",
            "<p>Attention, hot water.</p>",
            "<p>Achtung!</p>",
            "<p>Paralajmerim</p>",
            "<p>هشدار: آب</p>",
            "<p>اخطار</p>",
            "<p>قابل توجّه</p>",
            "<p>注意</p>",
            "<p>Note: hot water.</p>",
        ] {
            for language in ["en", "fa", "de"] {
                let body = note("warning", inside);
                assert_eq!(shown(&body, language), body);
            }
        }
        for (key, inside) in
            [("note", "Hinweis"), ("tip", "Tipps: x"), ("important", "E rëndësishme"), ("note", "یادداشت")]
        {
            let body = note(key, &format!("<p>{inside}</p>"));
            assert_eq!(shown(&body, "en"), body);
        }
        // Parts of other words, words of other kinds, and what comes late say nothing.
        let late = format!("{} warning", "and so on".repeat(5));
        for (key, inside) in [("tip", "Multiples"), ("note", "Denoted"), ("warning", "Note that"), ("warning", &late)] {
            let body = note(key, &format!("<p>{inside}</p>"));
            assert!(shown(&body, "en").len() > body.len(), "{inside}");
        }
    }

    #[test]
    fn what_others_write_is_left_as_it_is() {
        for body in [
            "<div class=\"markdown-alert-warning\"><p>x</p></div>",
            "<div class=\"warning\"><p>x</p></div><blockquote class=\"warning\"><p>markdown-alert-warning</p></blockquote>",
            "<blockquote class=\"markdown-alert-warning note\"><p>x</p></blockquote>",
            "<blockquote class=\"markdown-alert-other\"><p>x</p></blockquote>",
            "<blockquote><p>x</p></blockquote><code>&lt;blockquote class=\"markdown-alert-tip\"&gt;</code>",
            "<p title=\"<blockquote class='markdown-alert-tip'>\">x</p>",
        ] {
            assert_eq!(shown(body, "en"), body);
        }
    }

    #[test]
    fn time_grows_with_the_length() {
        let deep = "<blockquote class=\"markdown-alert-tip\">".repeat(10_000);
        let wide = note("warning", "<p>x</p>").repeat(10_000);
        let text = format!("<blockquote class=\"markdown-alert-tip\">{}", "x &nbsp;".repeat(200_000));
        for body in [deep.clone(), format!("{deep}x"), wide, text, format!("{deep}<{}", "\"".repeat(100_001))] {
            let began = Instant::now();
            shown(&body, "en");
            assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        }
    }

    /// Pieces of markup, sound and broken.
    const PIECES: [&str; 34] = [
        "<blockquote class=\"markdown-alert-note\">",
        "<blockquote class=\"markdown-alert-warning\">",
        "<blockquote id=\"a\" class=\"markdown-alert-tip\" lang=\"fa\" dir=\"rtl\">",
        "<blockquote class=\"markdown-alert-caution",
        "<blockquote>",
        "</blockquote>",
        "<p>",
        "</p>",
        "<div lang=\"ar\">",
        "<div lang=\"\">",
        "</div>",
        "<br>",
        "<br/>",
        "<ul><li>",
        "</li></ul>",
        "<pre><code>",
        "</code></pre>",
        "<strong>",
        "</strong>",
        "<img alt=\"\" src=\"x\">",
        "<",
        ">",
        "\"",
        "&nbsp;",
        "&",
        " ",
        "\n",
        "x",
        "warning",
        "Note",
        "این متن است",
        "\u{26a0}\u{fe0f}",
        "\u{200c}",
        "</",
    ];

    fn without_labels(html: &str) -> String {
        let mut out = String::new();
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("<p class=\"note-kind\"") {
            out.push_str(before);
            rest = after.split_once("</strong></p>").unwrap().1;
        }
        out + rest
    }

    proptest! {
        #[test]
        fn nothing_but_labels_is_put_into_any_markup(
            pieces in collection::vec((0..PIECES.len(), any::<Option<char>>().prop_map(|c| c.filter(|c| *c != 'p'))), 0..40),
            language in sample::select(vec!["en", "fa", "he"]),
        ) {
            let body: String = pieces
                .iter()
                .flat_map(|(piece, c)| [PIECES[*piece].to_owned(), c.map(String::from).unwrap_or_default()])
                .collect();
            let once = shown(&body, language);
            prop_assert_eq!(without_labels(&once), body);
            let read = once.replace(" class=\"note-kind\"", "");
            prop_assert_eq!(shown(&read, language), read.as_str());
            prop_assert!(shown(&once, "sq") == once);
        }
    }
}
