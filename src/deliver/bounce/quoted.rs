//! Lines of a notice that quote the message which it is about: its subject, its date, its identifier.

/// A text without such lines and what goes on below them. They hold the words of whoever wrote the message: a subject
/// would be read as what became of it, and an identifier as a reply.
pub(super) fn without_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // How far the line that is left out is indented.
    let mut quoted: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if is_quoted(line) {
            quoted = Some(indent);
        } else if quoted.is_none_or(|label| indent <= label) || !goes_on(line) {
            quoted = None;
            out.push_str(line);
        }
    }
    out
}

/// Whether an indented line may belong to the one above: one that names a recipient begins something else.
fn goes_on(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|word| !word.contains('@'))
}

fn is_quoted(line: &str) -> bool {
    let Some((label, _)) = line.split_once([':', '\u{ff1a}']) else { return false };
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '-' | '|')).to_lowercase();
    LABELS.contains(&label.as_str())
}

/// What such lines begin with, in lower case.
const LABELS: &[&str] = &[
    "subject",
    "the subject of the message is",
    "subject of the message",
    "subject of your message",
    "message subject",
    "original subject",
    "the date of the message is",
    "the message identifier is",
    "message identifier",
    "message-id",
    "message id",
    "betreff",
    "objet",
    "sujet",
    "asunto",
    "oggetto",
    "assunto",
    "onderwerp",
    "ämne",
    "emne",
    "temat",
    "тема",
    "konu",
    "件名",
    "主题",
    "主題",
    "제목",
    "موضوع",
    "الموضوع",
    "subjekti",
    "tema",
];

#[cfg(test)]
mod tests {
    use super::without_quoted;

    #[test]
    fn what_quotes_the_message_is_left_out() {
        let text = "The message identifier is:     1a-550-b\nThe subject of the message is: Letters\n that came: user unknown\n\n  <a@x.example>\n    gone\n";
        assert_eq!(without_quoted(text), "\n  <a@x.example>\n    gone\n");
        let indented =
            "Your message\n  Subject:  Away\n            No such user\n  Sent:     today\nBetreff : Neu\n件名：不明\n";
        assert_eq!(without_quoted(indented), "Your message\n  Sent:     today\n");
        for kept in ["Subject: x\n    <a@x.example>: gone\n", "Subject: x\n550 5.1.1 gone\n"] {
            assert_eq!(without_quoted(kept), &kept["Subject: x\n".len()..]);
        }
        let kept = "Reason: user unknown\nsubject to policy\n";
        assert_eq!(without_quoted(kept), kept);
    }
}
