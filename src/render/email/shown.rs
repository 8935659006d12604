//! What the picture shows that leads an article, for mail as text.

use crate::model::{is_named_as_picture, is_unseen};
use crate::templates::views::{ArticleView, plain_text};

/// More characters are no description.
const LONGEST: usize = 500;
/// How cameras, telephones and programs call pictures, before their numbers.
const NAMES: [&str; 16] = [
    "cimg",
    "dcim",
    "dsc",
    "dscf",
    "dscn",
    "gopr",
    "image",
    "img",
    "imgp",
    "mvimg",
    "photo",
    "pict",
    "picture",
    "pxl",
    "scan",
    "screenshot",
];
/// What says of a picture that it is one.
const ALONE: [&str; 3] = ["image", "photo", "picture"];

/// What the picture shows that leads an article, where words say it, and nothing beside it does.
pub(super) fn shows(article: &ArticleView<'_>) -> Option<String> {
    let picture = article.picture.as_ref()?;
    let told = cleaned(&picture.alt);
    if says_nothing(&told) {
        return None;
    }
    let words = compared(&told);
    let beside = [Some(article.title), article.summary, picture.caption.as_deref()];
    let is_beside = beside.into_iter().flatten().any(|text| is_said_in(text, &words));
    // A summary that the text begins with stands there alone.
    let text = article.summary.is_none().then(|| compared(&plain_text(&article.body, 2 * words.len())));
    let is_said = is_beside || text.is_some_and(|text| text.starts_with(&words));
    (!is_said).then(|| shortened(told))
}

/// Text on one line, without what steers a screen or turns what stands around it.
fn cleaned(text: &str) -> String {
    let ends_line = |c: char| matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let steers = |c: &char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let seen = text.chars().map(|c| if ends_line(c) { ' ' } else { c }).filter(|c| !steers(c));
    seen.collect::<String>().trim().to_owned()
}

/// Whether a text tells nobody what a picture shows: no letters, an address, the name of a file, or that it is a picture.
fn says_nothing(text: &str) -> bool {
    let is_one_word = !text.contains(char::is_whitespace);
    !text.contains(char::is_alphabetic)
        || is_one_word && (is_address(text) || is_named_as_picture(text, "") || is_numbered(text))
        || ALONE.contains(&compared(text).as_str())
}

/// Whether a word is an address on the web, of a mailbox, or within a site.
fn is_address(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let begins = ["www.", "/", "./", "../", "data:", "mailto:"].iter().any(|begins| lower.starts_with(begins));
    let has_host = lower.split_once(['/', '@']).is_some_and(|(one, other)| one.contains('.') || other.contains('.'));
    lower.contains("://") || begins || has_host
}

/// Whether a word is the name that a camera or a program gave: `IMG_1234`, `DSC00042`, `image-3`.
fn is_numbered(word: &str) -> bool {
    let (name, rest) = word.split_at(word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len()));
    let rest = rest.trim_start_matches(['_', '-', '(']);
    NAMES.contains(&name.to_ascii_lowercase().as_str()) && rest.starts_with(|c: char| c.is_ascii_digit())
}

/// Words as they are compared: without case, blanks, signs that nobody sees, and stops at the end.
fn compared(words: &str) -> String {
    let seen = words.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c));
    let seen: String = seen.flat_map(char::to_lowercase).collect();
    let stops = ['.', '!', '?', '\u{2026}', '\u{61f}', '\u{6d4}', '\u{3002}', '\u{964}', ':'];
    seen.trim_end_matches(stops).to_owned()
}

/// Whether a text holds words that are [`compared`], and not as the parts of longer ones.
fn is_said_in(text: &str, words: &str) -> bool {
    let (mut seen, mut last) = (String::with_capacity(text.len()), ' ');
    // Where words begin and end. Ideographs and kana have no blanks between words.
    let mut edges: Vec<usize> = Vec::new();
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        if !last.is_alphanumeric() || !c.is_alphanumeric() || c.max(last) >= '\u{2e80}' {
            edges.push(seen.len());
        }
        if !c.is_whitespace() {
            seen.extend(c.to_lowercase());
        }
        last = c;
    }
    edges.push(seen.len());
    let is_edge = |at: usize| edges.binary_search(&at).is_ok();
    seen.match_indices(words).any(|(at, _)| is_edge(at) && is_edge(at + words.len()))
}

/// A text that is too long, cut behind a word.
fn shortened(text: String) -> String {
    if text.chars().nth(LONGEST).is_none() {
        return text;
    }
    let kept: String = text.chars().take(LONGEST).collect();
    let words = kept.rsplit_once(char::is_whitespace).map(|(words, _)| words);
    // One long word is cut within.
    let kept = words.filter(|words| words.len() > kept.len() / 2).unwrap_or(&kept);
    let kept: String = kept.chars().take(LONGEST - 1).collect();
    format!("{}\u{2026}", kept.trim_end_matches([',', ';', ':', '.', '،', '؛', ' ']))
}

#[cfg(test)]
mod tests {
    use super::{cleaned, compared, is_said_in, says_nothing, shortened};

    #[test]
    fn words_are_the_same_but_for_case_blanks_and_stops() {
        for same in ["The hall", " the  HALL. ", "The\u{a0}hall\u{2026}", "The hall!", "The\u{200b} hall"] {
            assert_eq!(compared(same), "thehall");
        }
        assert_ne!(compared("The halls"), compared("The hall"));
        assert_eq!(compared(" . "), "");
    }

    #[test]
    fn words_are_said_where_they_stand_as_words() {
        for text in
            ["The hall", "Behold the  HALL!", "(The hall, 1912)", "In the\u{a0}hall: a party", "Outthe, the hall"]
        {
            assert!(is_said_in(text, &compared("the hall")), "{text}");
        }
        for text in ["", "The halls", "Bathe hall", "The great hall"] {
            assert!(!is_said_in(text, &compared("the hall")), "{text}");
        }
        assert!(is_said_in("東京の印刷所です", "印刷所"));
        assert!(is_said_in("نقشهٔ تالار می\u{200c}بینید", &compared("تالار")));
    }

    #[test]
    fn names_of_files_addresses_and_signs_tell_nothing() {
        for text in [
            "",
            "…",
            "1912",
            "12/7 – 3",
            "📷",
            "\u{2757}!",
            "IMG_1234.jpg",
            "photo.JPEG",
            "a.webp?w=3",
            "IMG_1234",
            "img-20260708-WA0003",
            "DSC00042",
            "dsc_0042-scaled",
            "DSCN1234",
            "PXL_20260708_101500",
            "Screenshot_2026",
            "image-3",
            "Photo(2)",
            "image",
            "Photo.",
            " picture ",
            "https://a.example/b",
            "HTTP://a.example",
            "//a.example/b",
            "www.a.example",
            "/wp-content/uploads/hall",
            "a.example/hall",
            "ann@a.example",
            "data:image/png;base64,AAAA",
        ] {
            assert!(says_nothing(&cleaned(text)), "{text}");
        }
        for text in [
            "The hall",
            "Open photo.jpg",
            "jpg",
            "e.g.",
            "Hall.",
            "v1.2",
            "Imago",
            "imgproxy",
            "DSC",
            "Scanner",
            "A photo",
            "Image 3",
            "Photograph",
            "and/or",
            "سالن",
            "印刷所",
            "See https://a.example/",
            "P51",
            "Hall/yard",
        ] {
            assert!(!says_nothing(&cleaned(text)), "{text}");
        }
    }

    #[test]
    fn text_is_on_one_line_and_turns_nothing() {
        assert_eq!(cleaned(" A\u{202e}b\u{2066}c\u{2069}\n d\u{7}\u{1b}[1m\u{2028}e\u{202a} "), "Abc  d[1m e");
        assert_eq!(cleaned("می\u{200c}رود\u{200f}\u{a0}x"), "می\u{200c}رود\u{200f}\u{a0}x");
    }

    #[test]
    fn long_text_is_cut_behind_a_word() {
        let exact = format!("{}end", "word ".repeat(100)).chars().skip(3).collect::<String>();
        assert_eq!((exact.chars().count(), shortened(exact.clone())), (500, exact));
        assert_eq!(shortened("word, ".repeat(90)), format!("{}word\u{2026}", "word, ".repeat(82)));
        assert_eq!(shortened("ن".repeat(501)), format!("{}\u{2026}", "ن".repeat(499)));
    }
}
