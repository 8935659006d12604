//! Which of the words about a recipient say why.

use super::notice::is_of_transcript;

/// Of what a notice says of a recipient the words that say why: those behind a label (`Delay reason:`), else those beside
/// the address; all of them where neither is there.
pub(super) fn why<'a>(about: &'a str, address: &str) -> &'a str {
    labelled(about).or_else(|| beside(about, address)).filter(|words| !words.is_empty()).unwrap_or(about)
}

/// What follows a label at the beginning of a line.
fn labelled(about: &str) -> Option<&str> {
    let at = starts(about).find_map(|(at, line)| {
        let words = line.trim_start_matches([' ', '\t', '*', '-', '|']);
        let lower = words.to_ascii_lowercase();
        let label = LABELS.iter().find(|label| lower.starts_with(**label))?;
        Some(at + line.len() - words.len() + label.len())
    })?;
    Some(paragraph(&about[at..]))
}

/// The paragraph in which a line begins with the address, from there on; the next one where there is nothing else in it.
fn beside<'a>(about: &'a str, address: &str) -> Option<&'a str> {
    // What stands before the address is what was answered.
    if about.lines().next().is_some_and(|line| is_of_transcript(&line.to_ascii_lowercase())) {
        return None;
    }
    let lower = address.to_ascii_lowercase();
    let (at, _) = starts(about).find(|(_, line)| {
        let line = line.trim_start_matches([' ', '\t', '<', '*', '-', '|']).to_ascii_lowercase();
        line.starts_with(lower.as_str())
    })?;
    let rest = about[at..].trim_start();
    let words = paragraph(rest);
    let is_sign = |c: char| !c.is_alphanumeric();
    let is_bare = words.trim_matches(is_sign).eq_ignore_ascii_case(address.trim_matches(is_sign));
    Some(if is_bare { paragraph(&rest[words.len()..]) } else { words })
}

/// What a text begins with, up to the next empty line.
fn paragraph(text: &str) -> &str {
    let text = text.trim_start();
    let end = starts(text).find(|(_, line)| line.trim().is_empty()).map_or(text.len(), |(at, _)| at);
    text[..end].trim_end()
}

/// The lines of a text with where they begin.
fn starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// Labels of reasons, in lower case.
const LABELS: &[&str] = &[
    "delay reason:",
    "reason:",
    "reason for the delay:",
    "the reason is:",
    "the reason was:",
    "remote host said:",
    "the error that the other server returned was:",
    "technical details of temporary failure:",
    "technical details of permanent failure:",
    "grund:",
    "raison:",
    "raison :",
    "motivo:",
    "razón:",
    "理由:",
    "理由：",
    "دلیل:",
    "السبب:",
    "arsyeja:",
];

#[cfg(test)]
mod tests {
    use super::why;

    #[test]
    fn the_words_that_say_why_are_found() {
        for (about, words) in [
            ("Late.\n\n  a@x.example\n    Delay reason: Timed\n    out\n\nNo action.\n", "Timed\n    out"),
            ("Late.\n\n  A@x.example\n    host not found\n\nNo action.\n", "A@x.example\n    host not found"),
            ("Your mail to\n\n   a@x.example\n\nwas late.\n\nReason: mailbox full\n", "mailbox full"),
            ("Your mail to\n\n   <a@x.example>:\n\nis lost: gone\n\nBye\n", "is lost: gone"),
            ("<a@x.example>:\nRemote host said: 552 full\n", "552 full"),
            ("No mail for a@x.example.\n", "No mail for a@x.example.\n"),
            ("<<< 550 gone\n554 <a@x.example>... no\n", "<<< 550 gone\n554 <a@x.example>... no\n"),
            ("a@x.example\n", "a@x.example\n"),
            ("", ""),
        ] {
            assert_eq!(why(about, "a@x.example"), words);
        }
    }
}
