//! Tags whose words stand without quotes, as Octopress and its plug-ins have them: `{% imgcap /a.png Some words %}`; and
//! options, `{% picture a.png --alt Some words %}`.

use super::arguments::{self, Argument};
use super::figure::is_picture;

/// The arguments of a tag that takes its words as they stand; `None` where they are written in another manner.
pub(super) fn arguments(name: &str, text: &str) -> Option<Vec<Argument>> {
    if let Some(options) = options(text) {
        return Some(options);
    }
    let is_plain = !text.contains(['"', '\'', '=', '{', '|']) && text.split_whitespace().nth(1).is_some();
    match name {
        _ if !is_plain => None,
        "img" | "image" | "imgcap" | "imgcaption" | "figure" => picture(name, text),
        "blockquote" | "quote" | "pullquote" => Some(quotation(text)),
        "details" | "expand" | "collapse" | "spoiler" => Some(vec![named("title", text)]),
        _ => None,
    }
}

/// What `--name` stands before, up to the next one; with or without quotes. `None` where there is no option.
fn options(text: &str) -> Option<Vec<Argument>> {
    let mut begins = Vec::new();
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (None, '-') if before.is_whitespace() => {
                let name =
                    text[at..].strip_prefix("--").is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
                begins.extend(name.then_some(at));
            }
            _ => {}
        }
        before = c;
    }
    let first = *begins.first()?;
    let mut arguments = arguments::read(&text[..first]);
    for (nth, begin) in begins.iter().enumerate() {
        let option = &text[begin + 2..begins.get(nth + 1).copied().unwrap_or(text.len())];
        let end = option.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(option.len());
        let value = option[end..].trim_start_matches('=').trim();
        let quoted = ['"', '\''].into_iter().find_map(|sign| value.strip_prefix(sign)?.strip_suffix(sign));
        arguments.push(named(&option[..end], quoted.unwrap_or(value)));
    }
    Some(arguments)
}

/// `[class …] /path [width [height]] [words …]`.
fn picture(name: &str, text: &str) -> Option<Vec<Argument>> {
    let address = text.split_whitespace().find(|word| is_picture(word))?;
    let is_number = |word: &str| word.trim_end_matches(['%', 'p', 'x']).bytes().all(|byte| byte.is_ascii_digit());
    let mut words = text[text.find(address)? + address.len()..].trim_start();
    let mut arguments = vec![named("src", address)];
    let mut sides = ["width", "height"].into_iter();
    while let Some(word) = words.split_whitespace().next().filter(|word| is_number(word)) {
        words = words[word.len()..].trim_start();
        arguments.extend(sides.next().map(|side| named(side, word)));
    }
    if !words.is_empty() {
        arguments.push(named("alt", words));
        arguments.extend(name.starts_with("imgcap").then(|| named("caption", words)));
    }
    Some(arguments)
}

/// `Author, Work https://address Words of the link`.
fn quotation(text: &str) -> Vec<Argument> {
    let is_address = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    let found = text.split_whitespace().find(is_address).and_then(|word| Some((text.find(word)?, word)));
    let Some((at, address)) = found else { return vec![named("author", text)] };
    let (author, words) = (text[..at].trim().trim_end_matches(','), text[at + address.len()..].trim());
    match (author.is_empty(), words.is_empty()) {
        (true, true) => vec![named("author", address), named("link", address)],
        (true, false) => vec![named("author", words), named("link", address)],
        (false, true) => vec![named("author", author), named("link", address)],
        (false, false) => vec![named("author", &format!("{author}, [{words}](<{address}>)"))],
    }
}

fn named(name: &str, value: &str) -> Argument {
    Argument { name: Some(name.to_owned()), value: value.trim().to_owned(), quoted: true }
}

#[cfg(test)]
mod tests {
    use super::super::arguments::Argument;
    use super::arguments;

    #[test]
    fn words_without_quotes_are_whole() {
        let show = |name: &str, text: &str| {
            let written = |a: Argument| format!("{}={}", a.name.unwrap_or_default(), a.value);
            arguments(name, text).map(|all| all.into_iter().map(written).collect::<Vec<_>>().join("|"))
        };
        for (name, text, expected) in [
            ("imgcap", "/b.png Of several words", "src=/b.png|alt=Of several words|caption=Of several words"),
            ("img", "left /a.png 300 200 My, long words", "src=/a.png|width=300|height=200|alt=My, long words"),
            ("img", "left /a.png", "src=/a.png"),
            (
                "blockquote",
                "Ann Other, A Work https://b.example/p Page 1",
                "author=Ann Other, A Work, [Page 1](<https://b.example/p>)",
            ),
            ("blockquote", "Ann Other https://b.example/p", "author=Ann Other|link=https://b.example/p"),
            ("blockquote", "Ann Other, A Work", "author=Ann Other, A Work"),
            ("details", "More of it", "title=More of it"),
            ("picture", "a.png --alt \"Some -- words\" --link /b", "=a.png|alt=Some -- words|link=/b"),
            (
                "picture",
                "wide a.png --alt It's some words --img class=\"x\"",
                "=wide|=a.png|alt=It's some words|img=class=\"x\"",
            ),
            ("lightbox", "a.png --title=\"A b\"", "=a.png|title=A b"),
        ] {
            assert_eq!(show(name, text).as_deref(), Some(expected), "{name} {text}");
        }
        for (name, text) in
            [("img", "/a.png \"A b\""), ("blockquote", "author=\"A\" b"), ("gist", "a b"), ("img", "/a.png")]
        {
            assert_eq!(show(name, text), None, "{name} {text}");
        }
    }
}
